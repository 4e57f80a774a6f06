import { element, setAttributes, setText } from '../../common/dom.ts';
import { findLinks } from '../find-links.ts';
import type { FailedReason } from '../outbox.ts';
import type { MessageItem, OwnState } from '../timeline.ts';
import type { Words } from '../words/words.ts';
import { createAttachment } from './attachment.ts';
import type { Format } from './format.ts';

export interface MessageContext {
  server: string;
  words: Words;
  format: Format;
  sendAgain: (id: string) => void;
  discard: (id: string) => void;
}

export interface MessageView {
  readonly node: HTMLElement;
  update(item: MessageItem): void;
}

const GLYPHS: Record<OwnState, string> = { waiting: '○', sending: '◔', sent: '✓', seen: '✓', failed: '!' };

/** One message. What it says is written once and again only when it changes; the line below it changes by itself. */
export function createMessage(context: MessageContext): MessageView {
  const { words, format } = context;
  const author = element('p', { class: 'author', dir: 'auto' });
  const body = element('div', { class: 'body' });
  const time = element('time');
  const state = element('span', { class: 'state' });
  const actions = element('span', { class: 'actions' });
  const meta = element('p', { class: 'meta', 'aria-live': 'off' }, time, state, actions);
  const node = element('div', {}, author, body, meta);
  let written = '';

  return {
    node,
    update(item) {
      const { message, first, last } = item;
      const mine = message.author === 'visitor';
      node.className = `message ${message.author}${first ? ' first' : ''}${last ? ' last' : ''}`;
      setText(author, mine ? words.you : message.authorName);
      author.classList.toggle('unseen', mine || !first || message.author === 'system');
      const content = JSON.stringify([
        message.text,
        message.attachments.map(({ id, url }) => [id, url === null]),
        message.recalled,
      ]);
      if (content !== written) {
        written = content;
        body.replaceChildren(...createContent(item, context));
      }
      setText(time, last ? format.time(message.at) : '');
      setAttributes(time, { datetime: new Date(message.at).toISOString(), title: format.full(message.at) });
      writeState(item);
      meta.hidden = !last && item.state === null;
    },
  };

  function writeState({ message, state: value, failed }: MessageItem): void {
    if (state.dataset.state === (value ?? '')) return;
    state.dataset.state = value ?? '';
    const glyph = value === null ? null : element('span', { 'aria-hidden': 'true' }, GLYPHS[value]);
    const text = value === 'failed' ? toReason(words, failed) : value === null ? '' : words[value];
    state.replaceChildren(...(glyph === null ? [] : [glyph, ` ${text}`]));
    actions.replaceChildren();
    if (value !== 'failed') return;
    const again = element('button', { type: 'button' }, words.retry);
    again.addEventListener('click', () => context.sendAgain(message.id));
    const discard = element('button', { type: 'button' }, words.discard);
    discard.addEventListener('click', () => context.discard(message.id));
    actions.append(again, discard);
  }
}

function toReason(words: Words, failed: FailedReason | null): string {
  if (failed === 'files') return words.failedFiles;
  return failed === 'length' ? words.failedLength : words.failedRefused;
}

function createContent({ message }: MessageItem, { server, words, format }: MessageContext): HTMLElement[] {
  if (message.recalled) return [element('p', { class: 'bubble recalled' }, words.recalled)];
  const files = message.attachments.map((file) => createAttachment(file, server, words, format));
  if (message.text === '') return files;
  const parts = findLinks(message.text).map(({ text, href }) =>
    href === null ? text : element('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, text),
  );
  return [element('p', { class: 'bubble', dir: 'auto' }, ...parts), ...files];
}
