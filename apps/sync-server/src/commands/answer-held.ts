import { type Command, commandSchema } from '@tradewind/shared/commands/registry';
import type { CommandDoc } from '@tradewind/shared/protocol/commands';
import { writeAudit } from '../audit/audit.ts';
import type { Tx } from '../db/database.ts';
import type { ChangeEntry } from '../replication/change-log.ts';
import { type Decision, heldForOf, refuse } from './decision.ts';
import { type HeldCommand, writeCommandDoc } from './held-command.ts';

/** What follows when held commands are answered, in the transaction of the answer. */
export class HeldAnswers {
  readonly #tx: Tx;
  readonly #agentId: string;
  readonly #nowMs: number;
  readonly #decide: (command: Command) => Promise<Decision>;
  readonly #documents: ChangeEntry[] = [];
  readonly #commands: ChangeEntry[] = [];
  effects = false;

  /** @param decide - carries out a command that has waited. */
  constructor(tx: Tx, agentId: string, nowMs: number, decide: (command: Command) => Promise<Decision>) {
    this.#tx = tx;
    this.#agentId = agentId;
    this.#nowMs = nowMs;
    this.#decide = decide;
  }

  /** Documents first: who has read a command's record has read what it did. */
  get entries(): ChangeEntry[] {
    return [...this.#documents, ...this.#commands];
  }

  /** Closes the held command that `decided`, the decision on command `by`, answers, and settles those that wait for it. */
  async follow(by: string, decided: Decision): Promise<void> {
    const { answers, result } = decided;
    if (!answers) return;
    const { held, how } = answers;
    if (result.status === 'held') {
      await this.#replace(held, by);
    } else if (how === 'discard') {
      await this.#takeMessageBack(held.id);
      await this.#giveUp(held, by);
    } else {
      await this.#takeMessageBack(held.id);
      await this.#close(held, by, result.messageId);
      await this.#carryOutWaiting(held.id, by, result.messageId);
    }
  }

  /** A reply that was held when it was to leave: nobody outside has had it. */
  async #takeMessageBack(id: string): Promise<void> {
    const gone = await this.#tx
      .deleteFrom('messages')
      .where('id', '=', id)
      .where('status', '=', 'held')
      .returning('id')
      .executeTakeFirst();
    if (gone) this.#documents.push({ collection: 'message', id, scopes: null, deleted: true });
  }

  /** The answer is held itself: it asks from now on, and what waited for the first one waits for it. */
  async #replace(held: HeldCommand, by: string): Promise<void> {
    for (const waiting of await this.#lockWaiting(held.id)) {
      const { reason } = waiting.doc;
      const doc: CommandDoc =
        reason?.kind === 'after-held' ? { ...waiting.doc, reason: { ...reason, commandId: by } } : waiting.doc;
      await this.#write(doc, by);
    }
    await this.#write({ ...held.doc, answeredBy: by }, by);
  }

  async #close(held: HeldCommand, by: string, messageId: string | undefined): Promise<void> {
    const { reason: _answered, ...doc } = held.doc;
    await this.#write(
      { ...doc, status: 'applied', answeredBy: by, ...(messageId === undefined ? {} : { messageId }) },
      null,
    );
  }

  async #giveUp(held: HeldCommand, by: string): Promise<void> {
    const answeredBy = held.doc.answeredBy ?? by;
    await this.#write({ ...held.doc, status: 'rejected', reason: { kind: 'discarded', by }, answeredBy }, null);
    for (const waiting of await this.#lockWaiting(held.id)) await this.#giveUp(waiting, by);
  }

  /** In the order in which they came; what waits for them in turn comes right after each. */
  async #carryOutWaiting(id: string, by: string, messageId: string | undefined): Promise<void> {
    for (const waiting of await this.#lockWaiting(id)) {
      if (waiting.doc.answeredBy === undefined) await this.#carryOut(waiting, by);
      else await this.#close(waiting, waiting.doc.answeredBy, messageId);
    }
  }

  async #carryOut(waiting: HeldCommand, by: string): Promise<void> {
    const parsed = commandSchema.safeParse(waiting.input);
    const decided = parsed.success
      ? await this.#decide(parsed.data)
      : refuse({ kind: 'unsupported', type: waiting.type }); // held by a version whose commands were other ones
    const { reason: _waited, ...rest } = waiting.doc;
    const doc: CommandDoc = { ...rest, ...decided.result };
    await this.#write(doc, heldForOf(doc), decided.seenSeq);
    await writeAudit(this.#tx, {
      at: this.#nowMs,
      actor: `agent:${this.#agentId}`,
      action: `command.${waiting.type}`,
      target: decided.audit?.target ?? `command:${waiting.id}`,
      ...(decided.audit?.before ? { before: decided.audit.before } : {}),
      after: {
        commandId: waiting.id,
        outcome: doc.status,
        releasedBy: by,
        ...(doc.reason ? { reason: doc.reason.kind } : {}),
        ...decided.audit?.after,
      },
    });
    this.#documents.push(...decided.entries);
    this.effects ||= decided.effects;
    await this.follow(waiting.id, decided);
    if (doc.status !== 'held') await this.#carryOutWaiting(waiting.id, by, doc.messageId);
  }

  async #lockWaiting(id: string): Promise<HeldCommand[]> {
    return this.#tx
      .selectFrom('commands as c')
      .innerJoin('change_log as l', (join) => join.onRef('l.id', '=', 'c.id').on('l.collection', '=', 'command'))
      .select(['c.id', 'c.type', 'c.doc', 'c.input'])
      .where('c.held_for', '=', id)
      .orderBy('l.created_seq')
      .forUpdate('c')
      .execute();
  }

  async #write(doc: CommandDoc, heldFor: string | null, seenSeq?: number | null): Promise<void> {
    await writeCommandDoc(this.#tx, doc, { heldFor, ...(seenSeq === undefined ? {} : { seenSeq }) });
    this.#commands.push({ collection: 'command', id: doc.id, scopes: [`agent:${this.#agentId}`] });
  }
}
