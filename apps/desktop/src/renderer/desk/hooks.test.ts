import { expect, test } from 'vitest';
import * as hooks from './hooks.ts';
import type { DeskHooks } from './types.ts';

test('the hooks are the ones the screens were promised', () => {
  const promised: DeskHooks = hooks; // the types are the test; a missing hook does not compile
  expect(Object.keys(promised).sort()).toEqual([
    'useColleagues',
    'useConnection',
    'useConversation',
    'useConversations',
    'useCustomer',
    'useCustomerConversations',
    'useCustomerOrders',
    'useDirectory',
    'useDraft',
    'useMessages',
    'useOtherDraft',
    'useOwnPresence',
    'usePendingCount',
    'usePresences',
    'useProblems',
    'useQueueCounts',
    'useUnsent',
    'useVisitorTyping',
  ]);
});
