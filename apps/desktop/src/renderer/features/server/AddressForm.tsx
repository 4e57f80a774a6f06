import type { DesktopBridge, ServerCheck } from '@tradewind/shared/ipc/bridge';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Form } from '../../components/Form.tsx';
import { TextField } from '../../components/TextField.tsx';

type Found = Extract<ServerCheck, { kind: 'ok' }>;

const REASONS = {
  'not-an-address': 'setup.server.notAnAddress',
  unreachable: 'setup.server.unreachable',
  'not-tradewind': 'setup.server.notTradewind',
  certificate: 'setup.server.certificate',
} as const;

interface AddressFormProps {
  bridge: DesktopBridge;
  /** What stands in the field at first: an address somebody's link asks for. */
  address: string;
  /** @param typed - what was typed: a link leads further than its desk. */
  onFound: (found: Found, typed: string) => void;
}

/** The address of a desk, or a link to it, and what is behind it. */
export function AddressForm({ bridge, address: initial, onFound }: AddressFormProps) {
  const { t } = useTranslation();
  const [address, setAddress] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [error, setError] = useState<string | null>(null);
  const [detail, setDetail] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  function refuse(sentence: string, said: string) {
    setError(sentence);
    setDetail(said);
    setAttempt((count) => count + 1);
  }

  async function handleSubmit() {
    if (busy) return;
    setError(null);
    setDetail('');
    if (address.trim() === '') return refuse(t('setup.server.needAddress'), '');
    setBusy(true);
    const result = await bridge.servers.check(address.trim());
    setBusy(false);
    if (result.kind === 'ok') onFound(result, address);
    else refuse(t(REASONS[result.kind]), result.detail);
  }

  return (
    <Form
      wide
      attempt={attempt}
      onSubmit={() => void handleSubmit()}
      actions={
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? t('setup.server.checking') : t('setup.server.connect')}
        </Button>
      }
    >
      <TextField
        label={t('setup.server.address')}
        hint={t('setup.server.addressHint')}
        error={error}
        ref={field}
        mono
        inputMode="url"
        name="server"
        placeholder="https://desk.example.com"
        value={address}
        onChange={setAddress}
      />
      {detail !== '' && (
        <details className="details">
          <summary>{t('app.details')}</summary>
          <code>{detail}</code>
        </details>
      )}
    </Form>
  );
}
