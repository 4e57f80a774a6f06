import type { Check } from './check.ts';

/** [R1] [R2] An accepted message is there once, whatever was repeated; one that was never accepted at most once. */
export const eventsOnce: Check = {
  rule: 'R1 R2',
  async find({ witness }, database) {
    const { rows } = await database.query<{ key: string; count: number }>(
      `select channel_account_id || ' ' || (doc->>'externalId') as key, count(*)::int from (
         select doc->>'channelAccountId' as channel_account_id, doc from messages where doc->>'direction' = 'in') m group by 1`,
    );
    const counts = new Map(rows.map(({ key, count }) => [key, count]));
    const wrong: string[] = [];
    for (const { kind, accountId, externalId, accepted } of witness.events) {
      if (kind !== 'mail' && kind !== 'chat') continue;
      const count = counts.get(`${accountId} ${externalId}`) ?? 0;
      if (count > 1) wrong.push(`${externalId} is there ${count} times`);
      if (count === 0 && accepted) wrong.push(`${externalId} was accepted and is not there`);
    }
    return wrong;
  },
};
