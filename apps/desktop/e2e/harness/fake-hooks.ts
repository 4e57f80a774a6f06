import { useMemo, useSyncExternalStore } from 'react';
import { type DeskHooks, type Directory, queueIds } from '../../src/renderer/desk/types.ts';
import {
  drafts,
  getVersion,
  listConversations,
  live,
  otherDrafts,
  scenario,
  setDraft,
  state,
  subscribe,
} from './fake-desk.ts';
import { directory, sample } from './sample.ts';

function useVersion(): number {
  return useSyncExternalStore(subscribe, getVersion);
}

const byId: Directory = {
  byId: new Map(directory.map((entry) => [entry.id, entry])),
  agents: directory.filter((entry) => entry.kind === 'agent'),
  teams: directory.filter((entry) => entry.kind === 'team'),
  channels: directory.filter((entry) => entry.kind === 'channel'),
  stores: directory.filter((entry) => entry.kind === 'store'),
};
const loading = scenario === 'loading';

export const useConnection: DeskHooks['useConnection'] = () => {
  useVersion();
  return useMemo(() => state.connection(), []);
};
export const usePendingCount: DeskHooks['usePendingCount'] = () => {
  useVersion();
  return state.pendingCount();
};
export const useQueueCounts: DeskHooks['useQueueCounts'] = () => {
  const version = useVersion();
  return useMemo(() => {
    const count = Object.fromEntries(queueIds.map((id) => [id, listConversations(id).length]));
    return loading ? undefined : (count as Record<(typeof queueIds)[number], number>);
  }, [version]);
};
export const useConversations: DeskHooks['useConversations'] = (queue) => {
  const version = useVersion();
  return useMemo(() => (loading ? undefined : listConversations(queue)), [queue, version]);
};
export const useConversation: DeskHooks['useConversation'] = (id) => {
  useVersion();
  return id === null ? null : (sample.conversations.get(id) ?? null);
};
export const useMessages: DeskHooks['useMessages'] = (id) => {
  useVersion();
  return id === null ? undefined : (sample.messages.get(id) ?? []);
};
export const useCustomer: DeskHooks['useCustomer'] = (id) => (id === null ? null : (sample.customers.get(id) ?? null));
export const useCustomerOrders: DeskHooks['useCustomerOrders'] = (id) =>
  useMemo(() => sample.orders.filter((order) => order.customerId === id), [id]);
export const useCustomerConversations: DeskHooks['useCustomerConversations'] = (id) =>
  useMemo(() => [...sample.conversations.values()].filter((conversation) => conversation.customerId === id), [id]);
export const useDirectory: DeskHooks['useDirectory'] = () => byId;
export const useUnsent: DeskHooks['useUnsent'] = () => {
  useVersion();
  return state.unsent();
};
export const useProblems: DeskHooks['useProblems'] = () => {
  useVersion();
  return state.problems();
};
export const useDraft: DeskHooks['useDraft'] = (conversationId, mode) => {
  useVersion();
  const key = `${conversationId} ${mode}`;
  return [drafts.get(key) ?? '', (text) => setDraft(key, text)];
};
export const useOwnPresence: DeskHooks['useOwnPresence'] = () => {
  useVersion();
  return live.own;
};
export const usePresences: DeskHooks['usePresences'] = () =>
  state.connection().kind === 'online' ? live.presences : null;
export const useColleagues: DeskHooks['useColleagues'] = () => {
  useVersion();
  return live.colleagues;
};

export const useVisitorTyping: DeskHooks['useVisitorTyping'] = (conversationId) => {
  useVersion();
  return live.typing.has(conversationId);
};
export const useOtherDraft: DeskHooks['useOtherDraft'] = (conversationId, mode) => {
  useVersion();
  return otherDrafts.get(`${conversationId} ${mode}`) ?? null;
};
