import type { Check } from './check.ts';

/** [R9] Lists and counts tell what the replica holds, and nothing of them is pending any more. */
export const listsRight: Check = {
  rule: 'R9',
  async find(sim) {
    const wrong: string[] = [];
    for (const device of sim.devices) {
      const held = await device.read('conversations');
      const rows = device.desk?.model.conversationList('all') ?? [];
      const who = `device ${device.index} of ${device.facts.agent.name}`;
      if (rows.length !== held.size) wrong.push(`${who} lists ${rows.length} of ${held.size} conversations`);
      for (const { conversation, pending } of rows) {
        const stored = held.get(conversation.id);
        if (pending) wrong.push(`${who} still waits for an answer on ${conversation.id}`);
        if (stored?.status !== conversation.status)
          wrong.push(`${who} lists ${conversation.id} as ${conversation.status}`);
      }
      const counts = device.desk?.model.queueCounts;
      for (const status of ['pending', 'open', 'snoozed', 'resolved'] as const) {
        const count = [...held.values()].filter((doc) => doc.status === status).length;
        if (counts && counts[status] !== count)
          wrong.push(`${who} counts ${counts[status]} ${status}, there are ${count}`);
      }
    }
    return wrong;
  },
};
