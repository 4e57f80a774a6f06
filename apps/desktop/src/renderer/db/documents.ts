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
 * a leading underscore to itself, and a command's own `seq` is its result's.)
 */
export type Stored<TDoc> = TDoc & { id: string; replicaSeq: number; replicaEpoch: number };

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

/** How far this device has read the change log. One document, with the id `position`. */
export interface SyncPosition {
  id: 'position';
  /** As the server gave it; null before the first page. */
  checkpoint: string | null;
  /** The checkpoint's `seq`; 0 before the first page. */
  seq: number;
  accessVersion: number | null;
  epoch: number;
  /** Documents of earlier epochs are still shown and are removed once this epoch has reached the head. */
  renewing: boolean;
  /** Server's clock minus this device's, milliseconds. */
  clockOffsetMs: number;
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
}

export interface StoredDraft {
  /** `{conversationId}:{mode}` */
  id: string;
  text: string;
  updatedAt: number;
  /** The draft as the server had it when this device last agreed with it (`draft-sync.ts`). */
  synced?: { text: string; version: number };
  /** What this device told the server last. */
  sent?: string;
}

export interface OwnDocs {
  outbox: OutboxEntry;
  drafts: StoredDraft;
}
