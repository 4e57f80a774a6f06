import { mediumOf } from '@tradewind/shared/channels';
import { mailAddressSchema } from '@tradewind/shared/commands/definition';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import fieldStyles from '../../components/Field.module.css';
import { Field } from '../../components/Field.tsx';
import { MOD_KEY } from '../../components/Kbd.tsx';
import { Modal } from '../../components/Modal.tsx';
import { isComposing } from '../../components/use-keys.ts';
import { useDirectory, useDraft } from '../../desk/hooks.ts';
import { useDesk } from '../../session/desk-context.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './NewConversationDialog.module.css';

/** Its draft is kept like any conversation's. */
const DRAFT_ID = 'new-conversation';

/** The agent writes first: channel, address, subject and text. */
export function NewConversationDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const { channels: all } = useDirectory();
  // A visitor of the website has no address one could write to first.
  const channels = all.filter((channel) => mediumOf(channel.channelKind) !== 'chat');
  const [channelId, setChannelId] = useState('');
  const [to, setTo] = useState('');
  const [subject, setSubject] = useState('');
  const [text, setText] = useDraft(DRAFT_ID, 'reply');
  const [badAddress, setBadAddress] = useState(false);
  const [failed, setFailed] = useState(false);
  const busy = useRef(false);
  const handedOver = useUi((state) => state.composeText);
  const channelAccountId = channelId || channels[0]?.id;

  useEffect(() => {
    if (handedOver === null) return;
    // A draft that stands here already is kept, as in any other composer.
    setText(text.trim() === '' ? handedOver : `${text.trimEnd()}\n\n${handedOver}`);
    useUi.setState({ composeText: null });
  }, [handedOver, text, setText]);

  async function submit() {
    const address = mailAddressSchema.safeParse(to);
    setBadAddress(!address.success);
    if (!address.success || !channelAccountId || text.trim() === '' || busy.current) return;
    busy.current = true;
    try {
      const id = await desk.send({ type: 'start-conversation', channelAccountId, to: address.data, subject, text });
      setText('');
      onClose();
      useUi.getState().openConversation(id);
    } catch {
      setFailed(true); // the desk has reported the cause; the text is still here
    } finally {
      busy.current = false;
    }
  }

  function handleSubmit(event: FormEvent) {
    event.preventDefault();
    void submit();
  }

  function handleKeyDown(event: KeyboardEvent) {
    if (isComposing(event.nativeEvent) || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void submit();
  }

  return (
    <Modal title={t('compose.title')} onClose={onClose}>
      {channels.length === 0 ? (
        <Empty title={all.length === 0 ? t('compose.noChannels') : t('chat.noneToStart')} />
      ) : (
        <form className={styles.form} onSubmit={handleSubmit} onKeyDown={handleKeyDown} noValidate>
          <Field label={t('compose.channel')}>
            {(props) => (
              <select
                {...props}
                className={fieldStyles.input}
                value={channelAccountId}
                onChange={(event) => setChannelId(event.target.value)}
              >
                {channels.map((channel) => (
                  <option key={channel.id} value={channel.id}>
                    {channel.address ? `${channel.name} · ${channel.address}` : channel.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('compose.to')} error={badAddress ? t('compose.badAddress') : null}>
            {(props) => (
              <input
                {...props}
                className={fieldStyles.input}
                type="email"
                autoComplete="off"
                placeholder={t('compose.toHint')}
                value={to}
                onChange={(event) => {
                  setTo(event.target.value);
                  setBadAddress(false);
                }}
              />
            )}
          </Field>
          <Field label={t('compose.subject')}>
            {(props) => (
              <input
                {...props}
                className={fieldStyles.input}
                dir="auto"
                maxLength={998}
                value={subject}
                onChange={(event) => setSubject(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('compose.text')} error={failed ? t('composer.notSaved') : null}>
            {(props) => (
              <textarea
                {...props}
                className={fieldStyles.area}
                dir="auto"
                rows={7}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <div className={styles.actions}>
            <span className={styles.hint}>{MOD_KEY} + Enter</span>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button look="primary" type="submit" disabled={text.trim() === '' || to.trim() === ''}>
              {t('compose.send')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
