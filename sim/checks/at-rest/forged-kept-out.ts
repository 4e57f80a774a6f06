import type { Check } from './check.ts';

/** [R3] What is not genuine is refused, and nothing of it is kept. */
export const forgedKeptOut: Check = {
  rule: 'R3',
  async find({ witness }, database) {
    const forged = witness.events.filter(({ kind }) => kind === 'forged');
    const wrong = forged.filter(({ accepted }) => accepted).map(({ externalId }) => `${externalId} was accepted`);
    const { rows } = await database.query<{ count: number }>(
      `select count(*)::int from inbound_events where convert_from(body, 'UTF8') like '%forged-%'`,
    );
    if ((rows[0]?.count ?? 0) > 0) wrong.push('something forged was stored');
    return wrong;
  },
};
