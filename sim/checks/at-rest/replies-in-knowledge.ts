import type { Check } from './check.ts';

/**
 * [R10] No reply is carried out whose author had not seen what a colleague wrote before it, unless he was asked: what he says
 * after that is another command, which the witness does not know. "Before" is the order in which the desk took them.
 */
export const repliesInKnowledge: Check = {
  rule: 'R10',
  async find({ witness }, database) {
    const { rows } = await database.query<{
      id: string;
      conversation_id: string;
      author: string | null;
      place: number;
    }>(
      `select m.id, m.conversation_id, m.doc->>'authorId' as author, l.created_seq::float8 as place
       from messages m join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = ''
       where m.doc->>'authorType' = 'agent'`,
    );
    const all = await database.query<{ id: string; place: number }>(
      `select id, created_seq::float8 as place from change_log where collection = 'message' and scope_left = ''`,
    );
    const places = new Map(all.rows.map(({ id, place }) => [id, place]));
    return rows.flatMap(({ id, conversation_id: conversationId, author, place }) => {
      const seenId = witness.commands.get(id)?.input.seenMessageId;
      if (witness.commands.get(id)?.type !== 'reply' || seenId === undefined) return [];
      const seen = seenId === null ? 0 : places.get(String(seenId));
      if (seen === undefined) return []; // one of his own that was never carried out
      const missed = rows.find(
        (other) =>
          other.conversation_id === conversationId &&
          other.author !== author &&
          other.place > seen &&
          other.place < place,
      );
      return missed ? [`the reply ${id} was carried out, and its author had not seen ${missed.id}`] : [];
    });
  },
};
