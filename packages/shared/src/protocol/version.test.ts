import { expect, test } from 'vitest';
import { z } from 'zod';
import { commandSchema } from '../commands/registry.ts';
import { conversationSchema } from '../schemas/conversation.ts';
import { customerSchema } from '../schemas/customer.ts';
import { directorySchema } from '../schemas/directory.ts';
import { messageSchema } from '../schemas/message.ts';
import { orderSchema } from '../schemas/order.ts';
import { personalSchema } from '../schemas/personal.ts';
import { commandDocSchema, commandReasonSchema, commandsResponseSchema } from './commands.ts';
import {
  accessChangedSchema,
  changesFrameSchema,
  changesPageSchema,
  checkpointSchema,
  digestSchema,
  snapshotPageSchema,
} from './sync.ts';
import { PROTOCOL_VERSION } from './version.ts';

/** Everything that crosses the wire between console and server, commands as they are sent. */
const wire = {
  changesPage: changesPageSchema,
  changesFrame: changesFrameSchema,
  checkpoint: checkpointSchema,
  snapshotPage: snapshotPageSchema,
  digest: digestSchema,
  accessChanged: accessChangedSchema,
  command: commandSchema,
  commandsResponse: commandsResponseSchema,
  commandDoc: commandDocSchema,
  conversation: conversationSchema,
  customer: customerSchema,
  directory: directorySchema,
  message: messageSchema,
  order: orderSchema,
  personal: personalSchema,
};

/** SHA-256 of the schemas as JSON Schema, by protocol version; what is released is never edited. */
const RECORDED: Readonly<Record<number, string>> = {
  1: '0c5648ae812b18c4e15c7720eea6c56fbfd0bd6ea1afe8d851a5f47fa87c6f1f',
  2: 'b733b0972c3833ed93af75f9b9f3f96d7e034d00a06511f6879bb5804f33aa6c',
};

async function hashWire(): Promise<string> {
  const shapes = Object.entries(wire).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(shapes)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

test('the wire shapes are those recorded for this protocol version', async () => {
  expect(
    await hashWire(),
    'The wire shapes changed. Raise PROTOCOL_VERSION, describe the change in docs/protocol.md (Versions), and record the ' +
      'new hash under the new number. Only a version that no release has had may get a new hash.',
  ).toBe(RECORDED[PROTOCOL_VERSION]);
});

test('the reasons for which a command is not carried out: the console has words for each of these', () => {
  expect(commandReasonSchema.options.map((option) => option.shape.kind.value)).toEqual([
    'invalid',
    'not-found',
    'forbidden',
    'id-reused',
    'no-recipient',
    'wrong-state',
    'agent-disabled',
    'after-failed',
    'after-held',
    'too-old',
    'unseen',
    'discarded',
    'unsupported',
    'internal',
  ]);
});
