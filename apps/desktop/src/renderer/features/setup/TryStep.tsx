import { useTranslation } from 'react-i18next';
import { Callout } from '../../components/Callout.tsx';
import { LinkOut } from '../../components/LinkOut.tsx';
import { Waiting } from '../../components/Waiting.tsx';
import type { Account } from '../../desk/api/accounts.ts';

interface TryStepProps {
  mailbox: Account | null;
  chat: Account | null;
  /** Address of the page with the chat in it; null without a chat. */
  preview: string | null;
  conversations: number;
}

/** A first conversation of one's own: written by oneself, by chat or mail, and as real as any. */
export function TryStep({ mailbox, chat, preview, conversations }: TryStepProps) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      {chat && preview !== null && (
        <>
          <p>{t('setup.try.chat')}</p>
          <p>
            <LinkOut href={preview}>{t('setup.account.preview')}</LinkOut>
          </p>
        </>
      )}
      {mailbox && <p>{t('setup.try.mail', { address: mailbox.address })}</p>}
      {!chat && !mailbox && (
        <Callout look="info" title={t('setup.try.nothingTitle')}>
          <p>{t('setup.try.nothing')}</p>
          <p>{t('setup.try.demo')}</p>
          <code>npm start -- --data data/demo</code>
        </Callout>
      )}
      <div aria-live="polite">
        {conversations > 0 && (
          <Callout look="ok" title={t('setup.try.arrivedTitle')}>
            <p>{t('setup.try.arrived')}</p>
          </Callout>
        )}
        {conversations === 0 && (chat || mailbox) && <Waiting>{t('setup.try.waiting')}</Waiting>}
      </div>
    </div>
  );
}
