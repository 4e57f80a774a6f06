import { useCallback, useSyncExternalStore } from 'react';
import type { ConnectionState } from '../replication/connection-state.ts';
import { currentDesk } from './current-desk.ts';
import type { DeskRuntime } from './desk-runtime.ts';
import { toDraftId } from './drafts.ts';
import type {
  Colleague,
  CommandProblem,
  ComposerMode,
  ConversationRow,
  DeskHooks,
  Directory,
  Presence,
  QueueId,
  ThreadMessage,
  UnsentCommand,
} from './types.ts';

const starting: ConnectionState = { kind: 'starting' };
const noProblems: readonly CommandProblem[] = [];
const noDirectory: Directory = { byId: new Map(), agents: [], teams: [], channels: [], stores: [] };

type Subscribe = (listener: () => void) => () => void;
const neverChanges: Subscribe = () => () => undefined;

function useCurrentDesk(): DeskRuntime | null {
  return useSyncExternalStore(currentDesk.subscribe, currentDesk.get);
}

/** Reads one thing of the desk; what is read must be the same object until it has changed. */
function useDeskValue<T>(
  toSubscribe: (desk: DeskRuntime) => Subscribe,
  read: (desk: DeskRuntime) => T,
  withoutDesk: T,
): T {
  const desk = useCurrentDesk();
  return useSyncExternalStore(desk ? toSubscribe(desk) : neverChanges, () => (desk ? read(desk) : withoutDesk));
}

/** As `useDeskValue`, for a view that is opened by key. Nothing is opened for null. */
function useViewValue<T>(
  key: string | null,
  subscribe: (desk: DeskRuntime, key: string, listener: () => void) => () => void,
  read: (desk: DeskRuntime, key: string) => T,
  withoutKey: T,
): T {
  const desk = useCurrentDesk();
  const subscribeToKey = useCallback<Subscribe>(
    (listener) => (desk && key !== null ? subscribe(desk, key, listener) : () => undefined),
    [desk, key, subscribe],
  );
  return useSyncExternalStore(subscribeToKey, () => (desk && key !== null ? read(desk, key) : withoutKey));
}

type ViewSubscribe = (desk: DeskRuntime, key: string, listener: () => void) => () => void;
const toConversations: ViewSubscribe = (desk, _id, listener) => desk.model.conversationsChanged.subscribe(listener);
const toThread: ViewSubscribe = (desk, id, listener) => desk.model.threads.subscribe(id, listener);
const toCustomer: ViewSubscribe = (desk, id, listener) => desk.model.customers.subscribe(id, listener);
const toOrders: ViewSubscribe = (desk, id, listener) => desk.model.orders.subscribe(id, listener);

export function useConnection(): ConnectionState {
  return useDeskValue(
    (desk) => desk.connectionChanged.subscribe,
    (desk) => desk.connection,
    starting,
  );
}

export function usePendingCount(): number {
  return useDeskValue(
    ({ model }) => model.outboxChanged.subscribe,
    ({ model }) => model.pendingCount,
    0,
  );
}

export function useQueueCounts(): Readonly<Record<QueueId, number>> | undefined {
  return useDeskValue(
    ({ model }) => model.conversationsChanged.subscribe,
    ({ model }) => model.queueCounts,
    undefined,
  );
}

export function useConversations(queue: QueueId): readonly ConversationRow[] | undefined {
  return useDeskValue(
    ({ model }) => model.conversationsChanged.subscribe,
    ({ model }) => model.conversationList(queue),
    undefined,
  );
}

export function useConversation(id: string | null): ReturnType<DeskHooks['useConversation']> {
  return useViewValue(id, toConversations, ({ model }, key) => model.conversation(key), undefined);
}

export function useMessages(conversationId: string | null): readonly ThreadMessage[] | undefined {
  return useViewValue(conversationId, toThread, ({ model }, key) => model.messages(key), undefined);
}

export function useCustomer(id: string | null): ReturnType<DeskHooks['useCustomer']> {
  return useViewValue(id, toCustomer, ({ model }, key) => model.customer(key), undefined);
}

export function useCustomerOrders(customerId: string | null): ReturnType<DeskHooks['useCustomerOrders']> {
  return useViewValue(customerId, toOrders, ({ model }, key) => model.ordersOf(key), undefined);
}

export function useCustomerConversations(customerId: string | null): ReturnType<DeskHooks['useCustomerConversations']> {
  return useViewValue(customerId, toConversations, ({ model }, key) => model.conversationsOf(key), undefined);
}

export function useDirectory(): Directory {
  return useDeskValue(
    ({ model }) => model.directoryChanged.subscribe,
    ({ model }) => model.directory,
    noDirectory,
  );
}

export function useProblems(): readonly CommandProblem[] {
  return useDeskValue(
    ({ model }) => model.outboxChanged.subscribe,
    ({ model }) => model.problems,
    noProblems,
  );
}

const nothingUnsent: readonly UnsentCommand[] = [];

export function useUnsent(): readonly UnsentCommand[] {
  return useDeskValue(
    ({ model }) => model.outboxChanged.subscribe,
    ({ model }) => model.unsent,
    nothingUnsent,
  );
}

export function useOtherDraft(conversationId: string, mode: ComposerMode): string | null {
  return useDeskValue(
    ({ personal }) => personal.changed.subscribe,
    ({ personal }) => personal.findDivided(conversationId, mode)?.other?.text ?? null,
    null,
  );
}

export function useOwnPresence(): Presence {
  return useDeskValue(
    ({ whereabouts }) => whereabouts.changed.subscribe,
    ({ whereabouts }) => whereabouts.own,
    'online',
  );
}

export function usePresences(): ReadonlyMap<string, Presence> | null {
  return useDeskValue(
    ({ whereabouts }) => whereabouts.changed.subscribe,
    ({ whereabouts }) => whereabouts.presences,
    null,
  );
}

const nobody: ReadonlyMap<string, readonly Colleague[]> = new Map();

export function useColleagues(): ReadonlyMap<string, readonly Colleague[]> {
  return useDeskValue(
    ({ whereabouts }) => whereabouts.changed.subscribe,
    ({ whereabouts }) => whereabouts.colleagues,
    nobody,
  );
}

export function useVisitorTyping(conversationId: string): boolean {
  return useDeskValue(
    ({ whereabouts }) => whereabouts.changed.subscribe,
    ({ whereabouts }) => whereabouts.isTyping(conversationId),
    false,
  );
}

export function useDraft(conversationId: string | null, mode: ComposerMode): [string, (text: string) => void] {
  const desk = useCurrentDesk();
  const id = conversationId === null ? null : toDraftId(conversationId, mode);
  const text = useSyncExternalStore(desk ? desk.drafts.changed.subscribe : neverChanges, () =>
    desk && id !== null ? desk.drafts.get(id) : '',
  );
  const setText = useCallback(
    (next: string) => {
      if (desk && id !== null) desk.drafts.set(id, next);
    },
    [desk, id],
  );
  return [text, setText];
}
