/**
 * How people write on a channel. Mail has recipients, subjects and threads by Message-Id; a chat has one visitor, plain
 * text, typing and one unresolved conversation at a time.
 */
export type Medium = 'mail' | 'chat';

const CHATS: ReadonlySet<string> = new Set(['web-chat']);

export function mediumOf(channelKind: string): Medium {
  return CHATS.has(channelKind) ? 'chat' : 'mail';
}
