import type { Check } from './check.ts';

/** [R4] What cannot be read is a dead letter with its reason, and nothing else is. */
export const lanesGoOn: Check = {
  rule: 'R4',
  async find({ witness }, database) {
    const { rows } = await database.query<{ text: string; reason: string | null }>(
      `select convert_from(e.body, 'UTF8') as text, s.reason from inbound_states s
       join inbound_events e on e.id = s.event_id where s.state = 'dead'`,
    );
    const wrong = rows
      .filter(({ text }) => !text.includes('no currency'))
      .map(({ reason }) => `an event that can be read is a dead letter: ${reason}`);
    const accepted = witness.events.filter(({ kind, accepted }) => kind === 'unreadable' && accepted);
    if (rows.length < accepted.length) wrong.push(`${accepted.length} unreadable events, ${rows.length} dead letters`);
    return wrong;
  },
};
