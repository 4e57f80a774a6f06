import { element, iconButton, setText } from '../../common/dom.ts';
import type { Chat } from '../chat.ts';
import { describeDay } from '../office-hours.ts';
import { buildTimeline, type TimelineItem } from '../timeline.ts';
import { ICONS } from './icons.ts';
import { createMessage, type MessageContext } from './message.ts';

interface Options extends MessageContext {
  chat: Chat;
  locale: string;
  /** What stands above and below the messages. */
  above: HTMLElement;
  below: HTMLElement;
}

export interface Log {
  readonly node: HTMLElement;
  /** @param seen - the panel is open before somebody's eyes: what is at the bottom counts as read. */
  update(seen: boolean): void;
  scrollToEnd(): void;
}

interface ItemView {
  readonly node: HTMLElement;
  update(item: TimelineItem): void;
}

/** Pixels from the end that still count as being there. */
const NEAR = 48;

/** The messages, which stay where the reader is: at the end while he is there, else where he has scrolled to. */
export function createLog(options: Options): Log {
  const { chat, words, locale, above, below } = options;
  const older = element('button', { type: 'button', class: 'older' }, words.older);
  // Nothing is announced until what was there already stands.
  const list = element('div', { class: 'list', role: 'log', 'aria-label': words.messages, 'aria-live': 'off' });
  const typing = element('p', { class: 'typing', hidden: true });
  const dots = element('span', { class: 'dots', 'aria-hidden': 'true' }, element('i'), element('i'), element('i'));
  const typist = element('span', { class: 'typist' });
  typing.append(dots, typist);
  const content = element('div', { class: 'content' }, older, above, list, typing, below);
  const scroller = element(
    'div',
    { class: 'scroller', tabindex: '0', role: 'group', 'aria-label': words.messages },
    content,
  );
  const newest = iconButton('newest', words.newest, ICONS.down);
  newest.hidden = true;
  const node = element('div', { class: 'log' }, scroller, newest);
  const views = new Map<string, ItemView>();
  let atEnd = true;
  let knownSize = '';
  let firstKey = '';

  older.addEventListener('click', () => chat.loadOlder());
  newest.addEventListener('click', scrollToEnd);
  scroller.addEventListener('scroll', () => {
    // The browser moved it because something grew or shrank; the observer below puts that right.
    if (atEnd && size() !== knownSize) return;
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    if (atEnd) newest.hidden = true;
    if (scroller.scrollTop < NEAR && chat.talk.hasOlder) chat.loadOlder();
  });
  // Pictures that arrive, a composer that grows, a screen that turns.
  const keepPlace = new ResizeObserver(() => {
    if (atEnd) scrollToEnd();
  });
  keepPlace.observe(content);
  keepPlace.observe(scroller);

  function size(): string {
    return `${scroller.scrollHeight} ${scroller.clientHeight}`;
  }

  function scrollToEnd(): void {
    knownSize = size();
    scroller.scrollTop = scroller.scrollHeight;
  }

  function createView({ kind }: TimelineItem): ItemView {
    if (kind === 'message') {
      const { node, update } = createMessage(options);
      return { node, update: (item) => item.kind === 'message' && update(item) };
    }
    const label = element('span');
    const update = ({ at }: { at: number }) => setText(label, describeDay(at, Date.now(), words, locale));
    return { node: element('div', { class: 'day' }, label), update: (item) => item.kind === 'day' && update(item) };
  }

  function draw(items: readonly TimelineItem[]): void {
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, view] of views) {
      if (keys.has(key)) continue;
      view.node.remove();
      views.delete(key);
    }
    let place = list.firstElementChild;
    for (const item of items) {
      const view = views.get(item.key) ?? createView(item);
      views.set(item.key, view);
      view.update(item);
      if (view.node === place) place = place.nextElementSibling;
      else list.insertBefore(view.node, place);
    }
  }

  return {
    node,
    scrollToEnd,
    update(seen) {
      const { talk, waiting } = chat;
      const own = waiting.filter((entry) => entry.kind === 'message');
      const items = buildTimeline(talk.messages, own, talk.conversation.seenOrder, chat.online);
      const lastBefore = list.lastElementChild;
      const height = scroller.scrollHeight;
      const first = items[1]?.key ?? '';
      const prepended = firstKey !== '' && first !== firstKey;
      if (prepended) list.setAttribute('aria-live', 'off');
      draw(items);
      if (prepended && !atEnd) scroller.scrollTop += scroller.scrollHeight - height;
      firstKey = first;

      older.hidden = !talk.hasOlder;
      older.disabled = chat.loadingOlder;
      setText(older, chat.loadingOlder ? words.loadingOlder : words.older);
      typing.hidden = chat.typing === null;
      setText(typist, chat.typing === null ? '' : words.typing(chat.typing));
      if (chat.loaded) requestAnimationFrame(() => list.setAttribute('aria-live', 'polite'));
      if (atEnd) {
        scrollToEnd();
        if (seen) chat.markRead();
      } else if (list.lastElementChild !== lastBefore && !prepended) {
        if (items.at(-1)?.kind === 'message' && own.some(({ id }) => id === items.at(-1)?.key)) scrollToEnd();
        else newest.hidden = false;
      }
    },
  };
}
