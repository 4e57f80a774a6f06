import { expect, test } from 'vitest';
import { applyInput, messageOf } from '../testing/apply-command.ts';
import { buildConversation } from '../testing/builders.ts';

const note = { type: 'note', conversationId: 'conversation-1', text: 'Ask @bo first', mentions: ['agent-2'] } as const;

test('is a message for colleagues: nobody it could be sent to, nothing to send', () => {
  const message = messageOf(applyInput({ ...note, mentions: ['agent-2'] }));
  expect(message).toMatchObject({
    kind: 'note',
    status: 'sent',
    to: [],
    cc: [],
    mentions: ['agent-2'],
    externalId: null,
  });
});

test('does not touch the life of the conversation', () => {
  const conversation = buildConversation({ status: 'resolved', waitingSince: 5 });
  expect(applyInput({ ...note, mentions: [] }, { conversation })).not.toHaveProperty('conversation');
});
