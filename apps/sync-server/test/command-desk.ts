import { createUuidV7 } from '@tradewind/shared/ids';
import type { CommandDoc, CommandResult } from '@tradewind/shared/protocol/commands';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import { pino } from 'pino';
import type { AccountDirectory } from '../src/accounts/account-directory.ts';
import type { AuthAgent } from '../src/auth/scopes.ts';
import type { CommandDeps } from '../src/commands/deps.ts';
import { runCommand } from '../src/commands/run-command.ts';
import { writeMessages } from '../src/db/documents.ts';
import { runWrites } from '../src/db/writes.ts';
import { claimEffects } from '../src/jobs/ledger.ts';
import { createMetrics } from '../src/observability/metrics.ts';
import { appendChanges, ChangeBus } from '../src/replication/change-log.ts';
import { connectJsonAccount, insertAccount } from './accounts.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { buildConversation, buildCustomer, buildMessage, seedDocuments } from './documents.ts';

const mei: AuthAgent = { id: 'mei', email: 'mei@x.example', name: 'Mei', role: 'agent', teamIds: [], accessVersion: 1 };

/** Commands carried out on a real database by two agents, with a mailbox and a chat, and a clock that tests set. */
export class CommandDesk {
  readonly mei = mei;
  readonly sam: AuthAgent = { ...mei, id: 'sam', email: 'sam@x.example', name: 'Sam' };
  readonly deps: CommandDeps;
  readonly database: TestDatabase;
  now = 1_800_000_000_000;

  private constructor(database: TestDatabase) {
    this.database = database;
    const accounts = ['mail', 'chat'].map((id) => connectJsonAccount({ id }));
    const get = (id: string) => accounts.find((one) => one.id === id);
    this.deps = {
      db: database.db,
      accounts: { get, find: async (id: string) => get(id) } as unknown as AccountDirectory,
      bus: new ChangeBus(),
      metrics: createMetrics(),
      log: pino({ level: 'silent' }),
      now: () => this.now,
      createId: () => createUuidV7(),
      wakeOutbound: () => undefined,
    };
  }

  static async open(): Promise<CommandDesk> {
    const database = await createTestDatabase();
    await insertAccount(database.db, { id: 'mail', family: 'channel', kind: 'json', address: 'support@shop.example' });
    await insertAccount(database.db, { id: 'chat', family: 'channel', kind: 'web-chat' });
    const desk = new CommandDesk(database);
    await seedDocuments(database.db, { scopes: ['desk'], customers: [buildCustomer({ id: 'li' })] });
    for (const { id, email, name, role } of [desk.mei, desk.sam]) {
      const values = { id, email, name, role, password_hash: '', created_at: desk.now };
      await database.db.insertInto('agents').values(values).execute();
    }
    return desk;
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** A conversation with one message of the customer, a minute old. */
  async seed(channel: 'mail' | 'chat' = 'mail'): Promise<{ id: string; firstId: string }> {
    const id = createUuidV7();
    const channelKind = channel === 'chat' ? 'web-chat' : 'json';
    const conversation = buildConversation({
      ...{ id, channelKind, channelAccountId: channel, customerId: 'li', participants: ['li@example.com'] },
    });
    await seedDocuments(this.database.db, { scopes: ['desk'], conversations: [conversation] });
    return { id, firstId: await this.receive(id, { text: 'Where is it?', receivedAt: this.now - 60_000 }) };
  }

  /** A message that comes in, as processing stores it: under the lock of its conversation. */
  async receive(conversationId: string, given: Partial<Message> = {}): Promise<string> {
    const id = createUuidV7();
    const from = { name: 'Li', address: 'li@example.com' };
    await this.database.db.transaction().execute(async (tx) => {
      const { doc } = await tx
        .selectFrom('conversations')
        .select('doc')
        .where('id', '=', conversationId)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const { channelAccountId } = doc;
      const message = buildMessage({ id, conversationId, channelAccountId, from, receivedAt: this.now, ...given });
      await runWrites(tx, [writeMessages([message])]);
      await appendChanges(tx, [{ collection: 'message', id, scopes: ['desk'] }], this.now);
    });
    return id;
  }

  run(agent: AuthAgent, fields: Record<string, unknown>): Promise<CommandResult> {
    return runCommand(this.deps, agent, { id: createUuidV7(), at: this.now, ...fields });
  }

  /** What leaves now: the ids of messages. */
  async claim(): Promise<string[]> {
    const { claimed } = await claimEffects(this.database.db, 'node', this.now, 1_000, 16, []);
    return claimed.map((one) => one.message_id);
  }

  async commandDoc(id: string): Promise<CommandDoc> {
    const { db } = this.database;
    return (await db.selectFrom('commands').select('doc').where('id', '=', id).executeTakeFirstOrThrow()).doc;
  }

  async message(id: string): Promise<Message | null> {
    const { db } = this.database;
    return (await db.selectFrom('messages').select('doc').where('id', '=', id).executeTakeFirst())?.doc ?? null;
  }

  async conversation(id: string): Promise<Conversation> {
    const { db } = this.database;
    return (await db.selectFrom('conversations').select('doc').where('id', '=', id).executeTakeFirstOrThrow()).doc;
  }
}
