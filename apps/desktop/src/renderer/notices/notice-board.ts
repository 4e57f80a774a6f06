import type { DesktopBridge } from '@tradewind/shared/ipc/bridge';
import type { NoticeText } from './words.ts';

export interface NoticeBoardOptions {
  /** Null in a browser. */
  bridge: Pick<DesktopBridge, 'notices'> | null;
  /** Labels of the buttons, which only the desktop app has. */
  actions(): { reply: string; resolve: string };
  hasSound(): boolean;
  playSound(): void;
  /** A notice was clicked. */
  open(conversationId: string): void;
}

/** Answers that are remembered: a notice further back nobody replies to. */
const MAX_REMEMBERED = 100;

/** Where notices are shown: by the desktop app, or by the browser if it was allowed to. */
export class NoticeBoard {
  readonly #options: NoticeBoardOptions;
  /** By id; null for those the desktop app shows. */
  readonly #shown = new Map<string, Notification | null>();
  /** Newest message that a notice has shown, by conversation. */
  readonly #lastRead = new Map<string, string>();

  constructor(options: NoticeBoardOptions) {
    this.#options = options;
  }

  show(notices: readonly NoticeText[]): void {
    const { bridge, hasSound, playSound } = this.#options;
    for (const notice of notices) {
      this.#remember(notice);
      if (bridge) this.#showInShell(bridge, notice);
      else if ('Notification' in window && Notification.permission === 'granted') this.#showInBrowser(notice);
    }
    // The desktop app's notices sound by themselves. A browser's do or do not, as its system likes: ours does.
    if (!bridge && hasSound()) playSound();
  }

  /** The agent looks at the conversation: its notice has done its work. */
  dismiss(id: string): void {
    if (!this.#shown.has(id)) return;
    void this.#options.bridge?.notices.dismiss(id);
    this.#shown.get(id)?.close();
    this.#shown.delete(id);
  }

  /** The message an answer from a notice is made to (R10); null after a restart. */
  findLastRead(conversationId: string): string | null {
    return this.#lastRead.get(conversationId) ?? null;
  }

  close(): void {
    for (const notice of this.#shown.values()) notice?.close();
    this.#shown.clear();
  }

  #remember({ conversationId, messageId, kind }: NoticeText): void {
    if (messageId === null || kind === 'failed') return;
    this.#lastRead.delete(conversationId);
    this.#lastRead.set(conversationId, messageId);
    const oldest = this.#lastRead.keys().next();
    if (this.#lastRead.size > MAX_REMEMBERED && !oldest.done) this.#lastRead.delete(oldest.value);
  }

  #showInShell(bridge: Pick<DesktopBridge, 'notices'>, notice: NoticeText): void {
    const { id, kind, title, body, conversationId } = notice;
    this.#shown.set(id, null);
    const silent = !this.#options.hasSound();
    // A summary is about many, and a failed message wants a decision in its thread.
    const actions = id === 'summary' || kind === 'failed' ? {} : this.#options.actions();
    void bridge.notices.show({
      id,
      kind,
      title: title.slice(0, 300),
      body: body.slice(0, 1_000),
      conversationId,
      actions,
      silent,
    });
  }

  #showInBrowser({ id, title, body, conversationId }: NoticeText): void {
    this.#shown.get(id)?.close();
    const shown = new Notification(title, { body, tag: id, silent: true });
    this.#shown.set(id, shown);
    shown.addEventListener('click', () => {
      window.focus();
      this.#options.open(conversationId);
      shown.close();
    });
    shown.addEventListener('close', () => {
      if (this.#shown.get(id) === shown) this.#shown.delete(id);
    });
  }
}
