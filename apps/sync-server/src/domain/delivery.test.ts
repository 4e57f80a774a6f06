import { type Message, type MessageStatus, messageStatuses } from '@tradewind/shared/schemas/message';
import { buildMessage } from '@tradewind/shared/testing/builders';
import { deepFreeze } from '@tradewind/shared/testing/freeze';
import { expect, test } from 'vitest';
import { applyDeliveryReport, type DeliveryOutcome } from './delivery.ts';

const outcomes: DeliveryOutcome[] = [
  'accepted',
  'delivered',
  'read',
  'failed',
  'delayed',
  'complained',
  'unsubscribed',
];
const failure = { kind: 'bounced', text: 'mailbox full' };
const sent = (status: MessageStatus) => deepFreeze(buildMessage({ direction: 'out', authorType: 'agent', status }));

function report(message: Message, outcome: DeliveryOutcome): Message {
  return applyDeliveryReport(message, { outcome, failure: outcome === 'failed' ? failure : null }) ?? message;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_item, index) => bits & (1 << index)));
}

/** What the message's status must be once these reports have come, whatever their order. */
function expected(before: MessageStatus, told: readonly DeliveryOutcome[]): MessageStatus {
  if (told.includes('read')) return 'read';
  if (told.includes('delivered')) return 'delivered';
  if (told.includes('failed')) return 'failed';
  return told.length > 0 ? 'sent' : before;
}

test.each(['queued', 'sending', 'unknown', 'sent'] as const)(
  '[R2] reports on a message that is %s: every set of them in every order, also told twice, ends the same',
  (before) => {
    for (const told of subsets(outcomes)) {
      if (told.length > 5) continue; // 7! orders say no more than 5!
      for (const order of permutations(told)) {
        const once = order.reduce(report, sent(before));
        expect(once.status, `${before}: ${order.join(', ')}`).toBe(expected(before, told));
        expect(once.failure).toEqual(once.status === 'failed' ? failure : null);
        expect(order.reduce(report, once)).toEqual(once);
      }
    }
  },
);

test.each(outcomes)('[R11] %s settles an unknown outcome: the platform has the message', (outcome) => {
  expect(report(sent('unknown'), outcome).status).not.toBe('unknown');
});

test.each(outcomes)('%s says nothing about a message that came in', (outcome) => {
  expect(applyDeliveryReport(buildMessage({ direction: 'in' }), { outcome, failure: null })).toBeNull();
});

test.each(outcomes)('%s does not bring a recalled message back', (outcome) => {
  expect(applyDeliveryReport(sent('recalled'), { outcome, failure: null })).toBeNull();
});

test('a report that says nothing new changes nothing, so that no console is told', () => {
  for (const status of messageStatuses) {
    for (const outcome of outcomes) {
      const after = applyDeliveryReport(sent(status), { outcome, failure: null });
      if (after) expect(after.status, `${status}, ${outcome}`).not.toBe(status);
    }
  }
});

test('a failure without a reason still has a kind', () => {
  const failed = applyDeliveryReport(sent('sent'), { outcome: 'failed', failure: null });
  expect(failed?.failure).toEqual({ kind: 'bounced', text: '' });
});
