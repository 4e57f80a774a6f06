import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { Callout } from '../../components/Callout.tsx';
import { CardScreen } from '../../components/CardScreen.tsx';
import { SecretField } from '../../components/SecretField.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { TextField } from '../../components/TextField.tsx';
import type { ApiResult } from '../../desk/api/client.ts';
import { toFailureText } from '../../desk/api/failure-text.ts';
import { isLinkSpent } from '../../desk/api/link-spent.ts';
import { type OpenInvite, readInvite } from '../../desk/api/people.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { useLoad } from '../../desk/api/use-load.ts';
import { navigate } from '../../stores/route.ts';

interface InviteScreenProps {
  token: string;
  footer: ReactNode;
  notice: ReactNode;
  /** Who is at this desk on this device already: accepting logs the new person in in his place. */
  signedInAs: string | null;
  onAccept: (person: { name: string; password: string }) => Promise<ApiResult<unknown>>;
}

const leave = () => navigate({ kind: 'desk', conversationId: null }, { replace: true });

/** An invitation, by its link: who is invited where, and a name and a password to begin with. */
export function InviteScreen({ token, footer, notice, signedInAs, onAccept }: InviteScreenProps) {
  const { t } = useTranslation();
  const load = useCallback(() => readInvite(token), [token]);
  const { value: invite, failure, reload } = useLoad(load);
  const back = (
    <Button look="quiet" onClick={leave}>
      {signedInAs === null ? t('setup.login.toLogin') : t('people.invite.backToDesk')}
    </Button>
  );

  if (failure && isLinkSpent(failure)) return <SpentScreen footer={footer} back={back} />;
  if (!invite) {
    return (
      <CardScreen title={t('people.invite.title')} footer={footer} notice={notice}>
        {failure ? (
          <Callout look="warn" live="alert" action={<Button onClick={() => void reload()}>{t('app.tryAgain')}</Button>}>
            {toFailureText(failure, t)}
          </Callout>
        ) : (
          <Skeleton rows={3} height={56} />
        )}
      </CardScreen>
    );
  }
  return (
    <CardScreen
      title={t('people.invite.join', { desk: invite.deskName })}
      hint={t('people.invite.joinHint', { email: invite.email })}
      footer={footer}
      notice={notice}
    >
      {signedInAs !== null && <Callout look="warn">{t('people.invite.signedIn', { name: signedInAs })}</Callout>}
      <AcceptForm invite={invite} back={back} spent={<SpentScreen footer={footer} back={back} />} onAccept={onAccept} />
    </CardScreen>
  );
}

function SpentScreen({ footer, back }: { footer: ReactNode; back: ReactNode }) {
  const { t } = useTranslation();
  return (
    <CardScreen title={t('people.invite.title')} footer={footer}>
      <div className="stack">
        <Callout look="warn" live="alert" title={t('setup.login.spentTitle')}>
          <p>{t('people.invite.spent')}</p>
        </Callout>
        {back}
      </div>
    </CardScreen>
  );
}

interface AcceptFormProps {
  invite: OpenInvite;
  back: ReactNode;
  spent: ReactNode;
  onAccept: (person: { name: string; password: string }) => Promise<ApiResult<unknown>>;
}

function AcceptForm({ invite, back, spent, onAccept }: AcceptFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(invite.name);
  const [password, setPassword] = useState('');
  const action = useAction(['name', 'password']);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  async function handleSubmit() {
    const missing: Record<string, string> = {};
    if (name.trim() === '') missing.name = t('setup.says.required');
    if (password === '') missing.password = t('setup.login.needNewPassword');
    if (Object.keys(missing).length > 0) return action.refuse(missing);
    await action.run(() => onAccept({ name: name.trim(), password }));
  }

  if (isLinkSpent(action.failure)) return spent;
  return (
    <ActionForm wide action={action} submit={t('people.invite.accept')} beside={back} onSubmit={handleSubmit}>
      {/* For password managers: which account the password is of. */}
      <TextField
        label={t('login.email')}
        type="email"
        name="email"
        autoComplete="username"
        readOnly
        value={invite.email}
        onChange={() => undefined}
      />
      <TextField
        label={t('setup.guide.yourName')}
        hint={t('setup.guide.yourNameHint')}
        error={action.errorOf('name')}
        ref={first}
        name="name"
        autoComplete="name"
        value={name}
        onChange={setName}
      />
      <SecretField
        label={t('login.password')}
        hint={t('setup.login.passwordRule')}
        error={action.errorOf('password')}
        name="new-password"
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
      />
    </ActionForm>
  );
}
