import type { CommandInput } from '@tradewind/shared/commands/registry';
import type { CommandReason } from '@tradewind/shared/protocol/commands';
import type { ErasingReason } from '@tradewind/shared/protocol/erasing';
import type { Presence } from '@tradewind/shared/protocol/live';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { AgentEntry, DirectoryEntry } from '@tradewind/shared/schemas/directory';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Order } from '@tradewind/shared/schemas/order';
import type { ConnectionState } from '../replication/connection-state.ts';
import type { SendTrouble } from './send-troubles.ts';
import type { Colleague } from './whereabouts.ts';

/** The queues of the left column. `mine` is every unresolved conversation assigned to this agent. */
export const queueIds = ['mine', 'unassigned', 'pending', 'open', 'snoozed', 'resolved', 'all'] as const;
export type QueueId = (typeof queueIds)[number];

/** A list row: the conversation with this device's pending commands already applied, and what the row shows beside it. */
export interface ConversationRow {
  conversation: Conversation;
  /** '' where none is known; screens say `nameCustomer`. */
  customerName: string;
  /** A message of ours here was not sent, or nobody knows whether it was. */
  trouble: SendTrouble | null;
  /** A command of ours on this conversation has not been answered yet. */
  pending: boolean;
}

/** A message as the thread shows it: base document with the overlay applied. */
export interface ThreadMessage extends Message {
  /** Exists only on this device so far; its status is `queued` or `sending`. */
  local: boolean;
}

/** A command the server did not carry out; it stays until the agent answers it. */
export interface CommandProblem {
  commandId: string;
  /** It waits for this agent's decision on the server too; a rejected one is over there. */
  held: boolean;
  type: string;
  conversationId: string | null;
  reason: CommandReason;
  /** What the agent had written, so that nothing typed is lost. */
  text: string | null;
  at: number;
}

/** A command that only this device knows of, for people: what it does, where, and the words in it. */
export type UnsentCommand = Pick<CommandProblem, 'commandId' | 'type' | 'conversationId' | 'text'>;

export type { AgentEntry, Colleague, ConnectionState, Presence, SendTrouble };

/** A command without what the desk adds by itself. */
export type CommandDraft = CommandInput extends infer TCommand
  ? TCommand extends CommandInput
    ? Omit<TCommand, 'id' | 'at'>
    : never
  : never;

export type ComposerMode = 'reply' | 'note';

export interface Directory {
  byId: ReadonlyMap<string, DirectoryEntry>;
  agents: readonly AgentEntry[];
  teams: readonly Extract<DirectoryEntry, { kind: 'team' }>[];
  channels: readonly Extract<DirectoryEntry, { kind: 'channel' }>[];
  stores: readonly Extract<DirectoryEntry, { kind: 'store' }>[];
}

/** `undefined` while loading, `null` when it does not exist here. */
export type Loaded<T> = T | null | undefined;

/** The hooks the screens use; `desk/hooks.ts` implements them, screens see nothing of RxDB or sockets. */
export interface DeskHooks {
  useConnection(): ConnectionState;
  /** Commands not yet answered by the server. */
  usePendingCount(): number;
  /** What erasing this device would lose: commands the server has not answered, and those it did not carry out. */
  useUnsent(): readonly UnsentCommand[];
  useQueueCounts(): Readonly<Record<QueueId, number>> | undefined;
  /** Newest first, overlay applied. `undefined` while loading. */
  useConversations(queue: QueueId): readonly ConversationRow[] | undefined;
  useConversation(id: string | null): Loaded<Conversation>;
  /** Oldest first, ordered by (`sentAt`, `createdSeq`), local messages last; overlay applied. */
  useMessages(conversationId: string | null): readonly ThreadMessage[] | undefined;
  useCustomer(id: string | null): Loaded<Customer>;
  /** Newest first. */
  useCustomerOrders(customerId: string | null): readonly Order[] | undefined;
  useCustomerConversations(customerId: string | null): readonly Conversation[] | undefined;
  useDirectory(): Directory;
  useProblems(): readonly CommandProblem[];
  /** One draft per conversation and mode, durable on this device; the setter never loses a keystroke to a slow store. */
  useDraft(conversationId: string | null, mode: ComposerMode): [string, (text: string) => void];
  /** What another device had written into this draft when two wrote at once; null for most. */
  useOtherDraft(conversationId: string, mode: ComposerMode): string | null;
  /** What this agent chose colleagues and visitors to see. */
  useOwnPresence(): Presence;
  /** By agent id; absent means offline. Null while nobody can tell. */
  usePresences(): ReadonlyMap<string, Presence> | null;
  /** Colleagues who look at a conversation or write in it, by conversation. */
  useColleagues(): ReadonlyMap<string, readonly Colleague[]>;
  /** The visitor of a chat is writing. */
  useVisitorTyping(conversationId: string): boolean;
}

/** What screens may do. One per signed-in agent. */
export interface Desk {
  readonly agent: { id: string; name: string; email: string; role: 'admin' | 'agent' };
  /** Stores the command durably, shows it at once, and sends it when it can. Resolves with its id once it is durable. */
  send(command: CommandDraft): Promise<string>;
  /** Tells the visitor of a chat that somebody writes to him, or stopped. Lost without a connection. */
  sayTyping(conversationId: string, typing: boolean): void;
  /** Tells colleagues which conversation this window shows; null: none that anybody sees. Lost without a connection. */
  look(conversationId: string | null): void;
  /** Tells colleagues that the agent writes a reply or note, or stopped. */
  sayWriting(conversationId: string, writing: boolean): void;
  /** The newest message of a visitor that this agent has had on screen. Lost without a connection. */
  saySeen(conversationId: string, messageId: string): void;
  setPresence(presence: Presence): void;
  /** Gives up a command that was not carried out, and with a held one those that wait for it. */
  dismissProblem(commandId: string): Promise<void>;
  /** The agent has seen what another device had written into a draft, and needs it no more. */
  dropOtherDraft(conversationId: string, mode: ComposerMode): Promise<void>;
  /** Carries a held command out after all, as of what the problem shows to be new. */
  confirmHeld(commandId: string): Promise<void>;
  /** Tries to reach the server now instead of waiting for the next attempt. */
  retryNow(): void;
  /** The server's clock as this device knows it, epoch milliseconds. */
  now(): number;
  /** Calls when the server had all of this agent erased here; the desk is closed then. Returns what ends it. */
  onErased(listener: (reason: ErasingReason) => void): () => void;
  /** Ends the session. `erase` removes replica, queue and drafts from this device. */
  logOut(options: { erase: boolean }): Promise<void>;
  close(): Promise<void>;
}
