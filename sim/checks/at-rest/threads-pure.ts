import type { Check } from './check.ts';

/** [R14] Nobody's message is in a conversation that somebody else began: no mail here has a second recipient. */
export const threadsPure: Check = {
  rule: 'R14',
  async find({ witness }, database) {
    const { rows } = await database.query<{ conversation_id: string; text: string; opener: string | null }>(
      `select m.conversation_id, m.doc->>'text' as text, c.doc->'participants'->>0 as opener
       from messages m join conversations c on c.id = m.conversation_id where m.doc->>'direction' = 'in'`,
    );
    const senders = new Map(witness.events.map(({ text, sender }) => [text, sender]));
    const found = new Map<string, Set<string>>();
    for (const { conversation_id: id, text, opener } of rows) {
      const people = found.get(id) ?? new Set<string>();
      people.add(senders.get(text) ?? text);
      if (opener) people.add(opener);
      found.set(id, people);
    }
    return [...found].flatMap(([id, people]) =>
      people.size > 1 ? [`conversation ${id} has messages of ${[...people].join(' and ')}`] : [],
    );
  },
};
