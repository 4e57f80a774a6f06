import { mediumOf } from '@tradewind/shared/channels';
import { Mail, MessageCircle, MessageSquareText, Smartphone, Store } from 'lucide-react';

const MAIL = new Set(['mailgun', 'sendgrid', 'mandrill', 'imap', 'smtp', 'imap-smtp', 'mailbox']);
const SHOPS = new Set(['shopify', 'woocommerce']);
const SMS = new Set(['twilio', 'twilio-sms', 'aliyun-sms', 'tencent-sms']);

/** Mail shows recipients and a subject; chats do not. */
export function isMailChannel(channelKind: string): boolean {
  return MAIL.has(channelKind);
}

const PROVIDERS: Readonly<Record<string, string>> = { mailgun: 'Mailgun' };

/** Who carries the messages of a channel: the words of a failure are theirs. Null for kinds without a name of their own. */
export function nameProvider(channelKind: string): string | null {
  return PROVIDERS[channelKind] ?? null;
}

/** One-colour sign of a channel's or shop's kind; its name stands in a label beside it. */
export function ChannelIcon({ kind, size = 16 }: { kind: string; size?: number }) {
  const Icon = isMailChannel(kind)
    ? Mail
    : SMS.has(kind)
      ? Smartphone
      : SHOPS.has(kind)
        ? Store
        : mediumOf(kind) === 'chat'
          ? MessageSquareText
          : MessageCircle;
  return <Icon size={size} strokeWidth={1.75} aria-hidden="true" />;
}
