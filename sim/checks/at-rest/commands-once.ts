import { isDeepStrictEqual } from 'node:util';
import type { CommandResult } from '../../../packages/shared/src/protocol/commands.ts';
import type { Check } from './check.ts';

/** [R8] A command that a device has kept gets one result, the same whenever it is asked for, and its message is there once. */
export const commandsOnce: Check = {
  rule: 'R8',
  async find({ witness }, database) {
    const { rows } = await database.query<{ id: string; status: string; agent_id: string }>(
      'select id, status, agent_id from commands',
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    const messages = await database.query<{ id: string; text: string; author: string }>(
      `select id, doc->>'text' as text, doc->>'authorId' as author from messages where doc->>'direction' = 'out'`,
    );
    const byText = new Map<string, number>();
    for (const { text } of messages.rows) byText.set(text, (byText.get(text) ?? 0) + 1);
    const wrong: string[] = [];
    for (const { id, type, agentId, input } of witness.commands.values()) {
      const row = stored.get(id);
      if (!row) wrong.push(`the ${type} ${id} was kept and never carried out`);
      else if (row.agent_id !== agentId) wrong.push(`the ${type} ${id} was carried out in the name of ${row.agent_id}`);
      // One that was held has another result once its author has answered.
      const results = (witness.results.get(id) ?? []).filter((result) => result.status !== 'held');
      if (!results.every((result) => isSame(result, results[0]))) wrong.push(`the ${type} ${id} has different results`);
      if (typeof input.text !== 'string') continue;
      const count = byText.get(input.text) ?? 0;
      if (count > 1) wrong.push(`the ${type} ${id} made ${count} messages`);
      if (row?.status === 'applied' && count === 0) wrong.push(`the ${type} ${id} was applied and made no message`);
      if (row?.status === 'rejected' && count > 0) wrong.push(`the ${type} ${id} was rejected and made a message`);
    }
    return wrong;
  },
};

function isSame(left: CommandResult, right: CommandResult | undefined): boolean {
  return isDeepStrictEqual(left, right);
}
