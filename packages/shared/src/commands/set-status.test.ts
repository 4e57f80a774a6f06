import { expect, test } from 'vitest';
import { conversationStatuses } from '../schemas/conversation.ts';
import { APPLIED_AT, applyInput, COMMAND_ID, conversationOf } from '../testing/apply-command.ts';
import { buildConversation, TEST_NOW } from '../testing/builders.ts';
import { setStatusSchema } from './set-status.ts';

const wakeAt = APPLIED_AT + 3_600_000;

test.each(conversationStatuses.flatMap((from) => conversationStatuses.map((to) => [from, to] as const)))(
  'from %s to %s: the instants that belong to the status are set, the others are cleared',
  (from, to) => {
    const before = buildConversation({
      status: from,
      resolvedAt: from === 'resolved' ? TEST_NOW : null,
      snoozedUntil: from === 'snoozed' ? TEST_NOW : null,
    });
    const command = { type: 'set-status', conversationId: before.id, status: to, snoozedUntil: wakeAt } as const;
    const after = conversationOf(applyInput(command, { conversation: before }));
    expect(after).toEqual({
      ...before,
      status: to,
      snoozedUntil: to === 'snoozed' ? wakeAt : null,
      // Resolving again is no new resolution: the reopening time counts from the first one.
      resolvedAt: to === 'resolved' ? (from === 'resolved' ? TEST_NOW : APPLIED_AT) : null,
      waitingSince: to === 'resolved' ? null : before.waitingSince,
    });
  },
);

test('snoozing needs the instant to wake', () => {
  const command = { id: COMMAND_ID, type: 'set-status', conversationId: 'c', status: 'snoozed' };
  for (const snoozedUntil of [undefined, null, 0, -1, 1.5, '2026-01-05']) {
    expect(setStatusSchema.safeParse({ ...command, snoozedUntil }).success, String(snoozedUntil)).toBe(false);
  }
  const [issue] = setStatusSchema.safeParse(command).error?.issues ?? [];
  expect(issue?.path).toEqual(['snoozedUntil']);
});
