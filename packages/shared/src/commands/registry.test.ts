import { expect, test } from 'vitest';
import { type Command, commandDefinitions, commandSchema, commandTarget, isCommandType } from './registry.ts';

const id = '019b8d6e-0000-7000-8000-000000000001';

test('every definition stands under its own type and in the schema of all', () => {
  for (const [type, definition] of Object.entries(commandDefinitions)) expect(definition.type).toBe(type);
  const inSchema = commandSchema.options.map((option) => option.shape.type.value);
  expect(inSchema.toSorted()).toEqual(Object.keys(commandDefinitions).toSorted());
});

test.each(['toString', 'constructor', '__proto__', 'Reply', '', null, 7, ['reply']])(
  '%j is not a command type',
  (type) => {
    expect(isCommandType(type)).toBe(false);
  },
);

test.each([
  [
    { id, type: 'note', conversationId: 'c1', text: 'x' },
    { conversationId: 'c1', messageId: null },
  ],
  [
    { id, type: 'retry-message', messageId: 'm1' },
    { conversationId: null, messageId: 'm1' },
  ],
  [
    { id, type: 'start-conversation', channelAccountId: 'a', to: [], text: 'x' },
    { conversationId: id, messageId: null },
  ],
] satisfies [Command, ReturnType<typeof commandTarget>][])('%j touches %j', (command, target) => {
  expect(commandTarget(command)).toEqual(target);
});
