import { expect, test } from 'vitest';
import { messageStatuses } from '../schemas/message.ts';
import { applyInput } from '../testing/apply-command.ts';
import { buildMessage } from '../testing/builders.ts';

const failure = { kind: 'bounced', text: 'mailbox full' };

test.each(messageStatuses)('retry-message on a message that is %s', (status) => {
  const message = buildMessage({ direction: 'out', status, failure });
  const outcome = applyInput({ type: 'retry-message', messageId: message.id }, { message });
  expect(outcome).toEqual(
    status === 'failed'
      ? { ok: true, message: { ...message, status: 'queued', failure: null } }
      : { ok: false, reason: { kind: 'wrong-state', status } },
  );
});

test.each(messageStatuses)('[R11] settle-message on a message that is %s', (status) => {
  const message = buildMessage({ direction: 'out', status, failure });
  const outcome = applyInput({ type: 'settle-message', messageId: message.id, choice: 'mark-sent' }, { message });
  expect(outcome).toEqual(
    status === 'unknown'
      ? { ok: true, message: { ...message, status: 'sent', failure: null } }
      : { ok: false, reason: { kind: 'wrong-state', status } },
  );
});

test.each([
  ['resend', 'queued', null],
  ['mark-sent', 'sent', null],
  ['drop', 'failed', { kind: 'dropped', text: '' }],
] as const)('[R11] the choice %s makes an unknown message %s', (choice, status, after) => {
  const message = buildMessage({ direction: 'out', status: 'unknown', failure });
  const outcome = applyInput({ type: 'settle-message', messageId: message.id, choice }, { message });
  expect(outcome).toEqual({ ok: true, message: { ...message, status, failure: after } });
});

test('a failed message can be left at that', () => {
  const message = buildMessage({ direction: 'out', status: 'failed', failure });
  const outcome = applyInput({ type: 'settle-message', messageId: message.id, choice: 'drop' }, { message });
  expect(outcome).toEqual({ ok: true, message: { ...message, failure: { kind: 'dropped', text: '' } } });
});
