import type { CommandInput } from '@tradewind/shared/commands/registry';
import type { CommandDoc, CommandResult } from '@tradewind/shared/protocol/commands';
import type { CollectionName } from '@tradewind/shared/protocol/sync';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { DirectoryEntry } from '@tradewind/shared/schemas/directory';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Order } from '@tradewind/shared/schemas/order';
import type { Personal } from '@tradewind/shared/schemas/personal';

/**
 * A replicated document as it lies on this device: every field the server sent, known here or not, and beside them
 * where it came from. `replicaSeq` is its place in the change log; `replicaEpoch` counts the times this device began again
 * from the start of the log (a `resync`), because places of different epochs cannot be compared. (RxDB keeps names with
 * a leading underscore to itself, and a command's own `seq` is its result's.) Of a document that is gone the place stays for
 * a while, without content, so that an older copy that is still on its way does not bring it back.
 */
export type Stored<TDoc> = TDoc & {
  id: string;
  replicaSeq: number;
  replicaEpoch: number;
  /** The document's first place in the change log: digests are told by ranges of it. */
  replicaCreatedSeq?: number;
  /** By which of the agent's scopes he sees it. Absent for messages, which go with their conversation, and from servers that do not tell. */
  replicaScopes?: readonly string[];
};

/** Which local collection holds which replicated one. */
export const localCollections = {
  customer: 'customers',
  conversation: 'conversations',
  message: 'messages',
  order: 'orders',
  directory: 'directory',
  command: 'commands',
  personal: 'personal',
} as const satisfies Record<CollectionName, string>;

export interface ReplicaDocs {
  customers: Stored<Customer>;
  conversations: Stored<Conversation>;
  messages: Stored<Message>;
  orders: Stored<Order>;
  directory: Stored<DirectoryEntry>;
  /** What became of this agent's commands, as the server tells it through replication. */
  commands: Stored<CommandDoc>;
  /** Drafts, read marks, stars and the like of this agent, from all devices. */
  personal: Stored<Personal>;
  meta: SyncPosition;
}

export const POSITION_ID = 'position';

/** How far this device has read the change log. One document, with the id `position`. */
export interface SyncPosition {
  id: 'position';
  /** As the server gave it; null before the first page. */
  checkpoint: string | null;
  /** The checkpoint's `seq`; 0 before the first page. */
  seq: number;
  accessVersion: number | null;
  epoch: number;
  /** What is shown is of earlier epochs, until this one has reached the head for the first time. */
  renewing: boolean;
  /** This epoch has reached the head. */
  caughtUp: boolean;
  /** Server's clock minus this device's, milliseconds. */
  clockOffsetMs: number;
  /** Parts of the copy that are still to be fetched, in this order. */
  parts: readonly PartProgress[];
  /** `asOf` of the first part's first page: from there changes are pulled once `open` and `recent` are here. */
  firstAsOf: string | null;
  /** The server has no parts: the log is read from its beginning, and documents do not tell their scopes. */
  wholeLog: boolean;
  /** Scopes the agent has lost and whose documents are being erased. */
  erasing: readonly string[];
  /** Conversations of which messages are missing, with the place in the log where that was noticed. */
  partial: Readonly<Record<string, number>>;
  /** Conversations that are not here although messages of theirs are, with the place after which the first of those came. */
  waiting: Readonly<Record<string, number>>;
  /** When this copy was last compared with the server's digests, by the server's clock. */
  verifiedAt: number | null;
}

/** How far a part of the snapshot has been read. */
export interface PartProgress {
  part: string;
  /** Null before the first page. */
  cursor: string | null;
  received: number;
  /** About how many documents there are, as the server told it. */
  total: number | null;
}

/** One command of this device, kept until its effects have come down (applied) or the agent has answered it (refused). */
export interface OutboxEntry {
  id: string;
  /** Commands leave in this order; equal numbers (two tabs at once) in order of id. */
  order: number;
  command: CommandInput;
  /** The conversation it shows in; null when it names a message this device does not hold. */
  conversationId: string | null;
  status: 'waiting' | 'applied' | 'rejected' | 'held';
  result: CommandResult | null;
  /** The replica's epoch when the result came: `result.seq` is a place in that epoch's log. */
  epoch: number;
  /** Since when its effects are here; it is kept for a while, unseen, in case the server is restored from a backup. */
  keptSince?: number | null;
}

export interface StoredDraft {
  /** `{conversationId}:{mode}` */
  id: string;
  text: string;
  updatedAt: number;
  /** The draft as the server had it when this device last agreed with it (`draft-sync.ts`). */
  synced?: { text: string; version: number };
  /** What this device told the server since then. */
  sent?: string | null;
}

export interface OwnDocs {
  outbox: OutboxEntry;
  drafts: StoredDraft;
}
