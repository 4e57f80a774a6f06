import type { ChatSettings, ChatWelcome } from '@tradewind/shared/chat/wire';
import type { ClientContext, Identity } from '../common/contract.ts';
import { openVisit, type Visit } from './visit.ts';

/** Who is at this page, and what the desk said about that. */
export interface Session {
  settings: ChatSettings;
  /** What the page gave; null for a visitor nobody vouches for. */
  identity: Identity | null;
  /** The identity of the present connection, as the shop signed it. */
  jwt: string | null;
  visit: Visit;
  /** The visitor's token of the present or last connection; null before the first. */
  token: string | null;
  /** How the desk greeted that connection. */
  welcome: ChatWelcome | null;
  /** The desk's messages are here, so what waits may follow them. */
  synced: boolean;
}

export function startSession({ settings, identity, store }: ClientContext): Session {
  const jwt = typeof identity === 'string' ? identity : null;
  return { settings, identity, jwt, visit: openVisit(store, jwt), token: null, welcome: null, synced: false };
}
