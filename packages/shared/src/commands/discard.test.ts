import { expect, test } from 'vitest';
import { applyInput } from '../testing/apply-command.ts';
import { buildMessage } from '../testing/builders.ts';

const discard = { type: 'discard', commandId: 'message-1' } as const;

test('[R10] takes back the message of a reply that was held when it was to leave, and nothing else', () => {
  const message = buildMessage({ id: 'message-1', direction: 'out', status: 'held' });
  expect(applyInput(discard, { message })).toEqual({ ok: true, message: { ...message, deleted: true } });
});

test('a command that was held on arrival has made nothing: nothing changes', () => {
  expect(applyInput(discard, { message: null, conversation: null })).toEqual({ ok: true });
});

test.each(['queued', 'sending', 'sent', 'unknown', 'failed'] as const)('takes no %s message back', (status) => {
  const message = buildMessage({ id: 'message-1', direction: 'out', status });
  expect(applyInput(discard, { message })).toEqual({ ok: false, reason: { kind: 'wrong-state', status } });
});
