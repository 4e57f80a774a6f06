import type { ChatLanguage, ChatSettings } from '@tradewind/shared/chat/wire';
import type { Store } from './store.ts';

/** What the script's tag says. */
export interface WidgetConfig {
  /** Origin of the desk, such as `https://desk.example`. */
  server: string;
  accountId: string;
  language: ChatLanguage;
  /** The tag's `nonce`, for the page's policy; empty when it has none. */
  nonce: string;
}

/** A signed identity, or what gets a fresh one from the shop each time the chat connects. */
export type Identity = string | (() => string | Promise<string>);

/** What the launcher hands to the client, which is loaded later. */
export interface ClientContext {
  config: WidgetConfig;
  root: ShadowRoot;
  store: Store;
  settings: ChatSettings;
  identity: Identity | null;
  /** Keeps the settings and repaints the launcher. */
  keepSettings(settings: ChatSettings): void;
  showUnread(count: number): void;
  /** The visitor closed the panel from within. */
  close(): void;
}

export interface Client {
  /** @param focus - false when the page opens as it was left: nothing may take the focus from the page then. */
  open(focus: boolean): void;
  close(): void;
  identify(identity: Identity): void;
  logOut(): void;
}

export type StartClient = (context: ClientContext) => Client;

/** The client's script hands its entry over on its own element: the page gets no second global name. */
export interface ClientScript extends HTMLScriptElement {
  startTradewindChat?: StartClient;
}

/** Keys of the store that launcher and client share. */
export const KEYS = {
  settings: 'settings',
  /** Set once this visitor has written: from then on the client is loaded with the page. */
  talk: 'talk',
} as const;
