import type { Check } from './check.ts';

/**
 * [R11] A mail leaves once for the reply and once for each time an agent asked to send it again; nothing leaves that nobody
 * wrote, and what is said to be sent has left.
 */
export const sentOnce: Check = {
  rule: 'R11',
  async find({ witness, world }, database) {
    const { rows } = await database.query<{ external_id: string; status: string; text: string; id: string }>(
      `select id, doc->>'externalId' as external_id, status, doc->>'text' as text from messages
       where doc->>'direction' = 'out' and doc->>'externalId' is not null and doc->>'channelAccountId' in
         (select id from accounts where kind = 'mailgun')`,
    );
    const taken = new Map<string, number>();
    for (const { externalId } of world.platforms.sent) taken.set(externalId, (taken.get(externalId) ?? 0) + 1);
    const again = new Map<string, number>();
    for (const { id, type, input } of witness.commands.values()) {
      const asked = type === 'retry-message' || (type === 'settle-message' && input.choice === 'resend');
      const applied = (witness.results.get(id) ?? []).some(({ status }) => status === 'applied');
      const messageId = String(input.messageId);
      if (asked && applied) again.set(messageId, (again.get(messageId) ?? 0) + 1);
    }
    const wrong: string[] = [];
    const known = new Map(rows.map((row) => [row.external_id, row]));
    for (const [externalId, count] of taken) {
      const row = known.get(externalId);
      if (!row) wrong.push(`${externalId} left and nobody wrote it`);
      else if (count > 1 + (again.get(row.id) ?? 0)) wrong.push(`${row.text} left ${count} times, unasked`);
    }
    for (const { external_id: externalId, status, text } of rows) {
      const said = status === 'sent' || status === 'delivered' || status === 'read';
      const marked = [...witness.commands.values()].some(
        ({ input }) => input.choice === 'mark-sent' && known.get(externalId)?.id === input.messageId,
      );
      if (said && !taken.has(externalId) && !marked) wrong.push(`${text} is said to be ${status} and never left`);
    }
    return wrong;
  },
};
