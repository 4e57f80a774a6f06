import type { Notice, ShellEvent } from '@tradewind/shared/ipc/bridge';
import { Notification } from 'electron';
import { toConversationLink } from './links.ts';
import { toOptions } from './notice-options.ts';
import type { NoticeStore, ShownNotice } from './notice-store.ts';

export interface NoticeDeps {
  store: NoticeStore;
  currentServer(): string | null;
  /** Brings the conversation before the agent's eyes. */
  open(notice: ShownNotice): void;
  /** A button was pressed; the window stays where it is. */
  tell(event: ShellEvent): void;
}

/** More than anybody looks at; the oldest leave the screen by themselves long before. */
const MAX_HELD = 50;

/** The system's notices. Each is held here while it can be clicked: one that nobody holds is collected, and its click lost. */
export class Notices {
  readonly #held = new Map<string, Notification>();
  readonly #deps: NoticeDeps;

  constructor(deps: NoticeDeps) {
    this.#deps = deps;
  }

  show(notice: Notice): void {
    if (!Notification.isSupported()) return;
    const { store, open, tell, currentServer } = this.#deps;
    const { id, conversationId } = notice;
    const shown: ShownNotice = { id, conversationId, server: currentServer() };
    this.#close(id);
    const link = toConversationLink(conversationId, shown.server);
    const notification = new Notification(toOptions(notice, link, process.platform));
    notification.on('click', () => {
      this.dismiss(id);
      open(shown);
    });
    // Of a desk that was left meanwhile, the buttons do what a click does: the page asks whether to go there.
    const answer = (event: ShellEvent) => (shown.server === currentServer() ? tell(event) : open(shown));
    notification.on('reply', (_event, text) => answer({ type: 'reply', conversationId, text }));
    notification.on('action', () => answer({ type: 'resolve', conversationId }));
    notification.on('close', () => this.#held.delete(id));
    notification.on('failed', () => this.dismiss(id));
    this.#held.set(id, notification);
    for (const oldest of [...this.#held.keys()].slice(0, -MAX_HELD)) this.#held.delete(oldest);
    notification.show();
    store.remember(shown); // last: a full disk takes no notice away
  }

  dismiss(id: string): void {
    this.#close(id);
    this.#deps.store.forget(id);
  }

  #close(id: string): void {
    const notification = this.#held.get(id);
    this.#held.delete(id);
    notification?.removeAllListeners();
    notification?.close();
  }
}
