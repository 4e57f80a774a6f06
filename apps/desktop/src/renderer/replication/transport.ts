import type { CommandInput } from '@tradewind/shared/commands/registry';
import type { CommandResult } from '@tradewind/shared/protocol/commands';
import type { FieldError } from '@tradewind/shared/protocol/errors';
import type { LiveAttention, LivePresent, LiveSeen, LiveTyping, Presence } from '@tradewind/shared/protocol/live';
import type { AccessChanged, ChangesFrame, ChangesPage, Digest, SnapshotPage } from '@tradewind/shared/protocol/sync';

/** Why a request brought nothing. What to do follows from the kind alone. */
export type TransportFailure =
  /** No answer: no network, a server that is down, a time-out. The request may have arrived. */
  | { kind: 'unreachable'; reason: string }
  /** The server asks to come again: 429, 5xx, an answer that cannot be read. */
  | { kind: 'busy'; reason: string; retryAfterMs: number | null }
  /** 401: the session ended. */
  | { kind: 'unauthenticated' }
  /** 426: the server does not speak this console's version any more. */
  | { kind: 'outdated' }
  /** 410: the checkpoint is of another history or too old. */
  | ({ kind: 'resync' } & Resync)
  /** 409: what this agent may see has changed; by how much, older servers do not tell. */
  | { kind: 'access-changed'; change: AccessChanged | null }
  /** 404, said by the server itself: it has no such thing, or not for this agent. */
  | { kind: 'not-found' }
  /** Any other 4xx: the request as it is will never be accepted. */
  | { kind: 'refused'; status: number; errors: readonly FieldError[] };

/** Why the checkpoint is of no use: told only where a restore from a backup is the reason. */
export interface Resync {
  /** What was done after this instant (server's clock) is not in the restored desk. */
  restoredAt: number | null;
}

export type TransportResult<TValue> =
  | { ok: true; value: TValue; roundTripMs: number }
  | { ok: false; failure: TransportFailure };

export interface PullRequest {
  checkpoint: string | null;
  accessVersion: number | null;
  limit: number;
}

export interface SnapshotRequest {
  part: string;
  cursor: string | null;
  accessVersion: number | null;
  limit: number;
}

export interface CommandsAnswer {
  results: readonly CommandResult[];
  serverTime: number;
}

/** By agent id; whoever is not in it is not at the desk. */
export type Presences = Readonly<Record<string, Presence>>;

/** What this console tells the server for the moment; nothing of it is kept or repeated. */
export type LiveWord =
  | ({ word: 'typing' } & LiveTyping)
  | ({ word: 'seen' } & LiveSeen)
  | { word: 'presence'; state: Presence }
  | ({ word: 'attention' } & LiveAttention);

export interface LiveHandlers {
  /** Frames reach this client from now on. */
  onOpen(): void;
  onFrame(frame: ChangesFrame): void;
  onResync(resync: Resync): void;
  onAccessChanged(): void;
  /** Everybody who is at the desk. */
  onPresence(agents: Presences): void;
  onTyping(news: LiveTyping): void;
  /** What a colleague does in a conversation. */
  onPresent(news: LivePresent): void;
  /** Not connected any more, or never was; it is not called twice and nothing follows it. */
  onClose(reason: string): void;
}

export interface LiveChannel {
  /** Lost, without a word, while there is no connection. */
  say(word: LiveWord): void;
  close(): void;
}

/** What replication needs of the network. One implementation speaks HTTP and Socket.IO; tests bring their own. */
export interface SyncTransport {
  pull(request: PullRequest, signal: AbortSignal): Promise<TransportResult<ChangesPage>>;
  snapshot(request: SnapshotRequest, signal: AbortSignal): Promise<TransportResult<SnapshotPage>>;
  digest(request: Omit<PullRequest, 'limit'>, signal: AbortSignal): Promise<TransportResult<Digest>>;
  sendCommands(commands: readonly CommandInput[], signal: AbortSignal): Promise<TransportResult<CommandsAnswer>>;
  openLive(position: Pick<PullRequest, 'checkpoint' | 'accessVersion'>, handlers: LiveHandlers): LiveChannel;
}

/** Timers, handed in so that tests decide when time passes. Returns a function that cancels. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

export const scheduleWithTimers: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};
