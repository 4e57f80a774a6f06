import { isDeepStrictEqual } from 'node:util';
import { type Access, seesAccount, seesConversation } from '../../model/access-history.ts';
import type { Check } from './check.ts';

type Doc = Record<string, unknown> & { id: string };

interface Tables {
  conversation: Doc[];
  message: Doc[];
  customer: Doc[];
  order: Doc[];
  directory: Doc[];
  command: Doc[];
}

const LOCAL: Readonly<Record<keyof Tables, string>> = {
  conversation: 'conversations',
  message: 'messages',
  customer: 'customers',
  order: 'orders',
  directory: 'directory',
  command: 'commands',
};

/** [R6] [R7] Every console holds what its agent may see, all of it, as it is, and nothing else. */
export const replicasEqual: Check = {
  rule: 'R6 R7 R15',
  async find(sim, database) {
    const tables = await readTables(database);
    const wrong: string[] = [];
    for (const device of sim.devices) {
      const { agent } = device.facts;
      const expected = visibleTo(tables, sim.access.latest, agent.id);
      for (const [collection, docs] of Object.entries(expected) as [keyof Tables, Doc[]][]) {
        const held = await device.read(LOCAL[collection]);
        const who = `device ${device.index} of ${agent.name}`;
        for (const doc of docs) {
          const local = held.get(doc.id);
          // Of its own commands a copy begins with those that are not answered.
          if (!local && collection === 'command') continue;
          if (!local) wrong.push(`${who} has no ${collection} ${doc.id}`);
          else {
            const fields = Object.keys(doc).filter((field) => !isDeepStrictEqual(doc[field], local[field]));
            if (fields.length > 0) wrong.push(`${who} has an old ${collection} ${doc.id}: ${fields.join(', ')}`);
          }
        }
        const ids = new Set(docs.map(({ id }) => id));
        for (const id of held.keys())
          if (!ids.has(id)) wrong.push(`${who} holds ${collection} ${id}, which is not his`);
      }
    }
    return wrong;
  },
};

/** Written out from the rule of the protocol, not from the product: who may see what. */
function visibleTo(tables: Tables, access: Access, agentId: string): Tables {
  const isAdmin = access.agents.get(agentId)?.isAdmin === true;
  const conversation = tables.conversation.filter((doc) => seesConversation(access, agentId, doc));
  const conversationIds = new Set(conversation.map(({ id }) => id));
  const theirs = new Set(conversation.map(({ customerId }) => customerId));
  const order = tables.order.filter(
    (doc) => seesAccount(access, agentId, String(doc.storeId)) || theirs.has(doc.customerId),
  );
  const customerIds = new Set([...conversation, ...order].map(({ customerId }) => customerId));
  return {
    conversation,
    message: tables.message.filter((doc) => conversationIds.has(String(doc.conversationId))),
    customer: tables.customer.filter(({ id }) => isAdmin || customerIds.has(id)),
    order,
    directory: tables.directory,
    command: tables.command.filter((doc) => doc.agentId === agentId),
  };
}

async function readTables(database: { query(text: string): Promise<{ rows: unknown[] }> }): Promise<Tables> {
  const read = async (collection: keyof Tables, table: string, body = 't.doc') => {
    const { rows } = await database.query(
      `select ${body} || jsonb_build_object('createdSeq', l.created_seq) as doc from ${table} t
       join change_log l on l.id = t.id and l.collection = '${collection}' and l.scope_left = ''`,
    );
    return (rows as { doc: Doc }[]).map(({ doc }) => doc);
  };
  return {
    conversation: await read('conversation', 'conversations'),
    message: await read('message', 'messages'),
    customer: await read('customer', 'customers'),
    order: await read('order', 'orders'),
    directory: await read('directory', 'directory_docs'),
    command: await read('command', 'commands', "t.doc || jsonb_build_object('seq', l.seq)"),
  };
}
