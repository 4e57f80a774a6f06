import type { CommandInput } from '@tradewind/shared/commands/registry';
import type { CommandDoc, CommandReason, CommandResult } from '@tradewind/shared/protocol/commands';
import type { RxCollection } from 'rxdb';
import type { OutboxEntry, SyncPosition } from '../db/documents.ts';
import { LiveSet, queryAllDocs } from '../db/live-set.ts';

/** How long and how many applied commands are kept, in case the server is restored from a backup. */
const KEPT_MS = 48 * 3_600_000;
const KEPT_COUNT = 1_000;
const PRUNE_EVERY_MS = 3_600_000;

const byOrder = (left: OutboxEntry, right: OutboxEntry) =>
  left.order - right.order || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

/** The durable command queue of this device, shared by its tabs. */
export class Outbox {
  readonly loaded: Promise<void>;
  readonly #collection: RxCollection<OutboxEntry>;
  readonly #set: LiveSet<OutboxEntry>;
  readonly #listeners = new Set<() => void>();
  #sorted: readonly OutboxEntry[] | null = null;
  #lastOrder = 0;
  #prunedAt = Number.NEGATIVE_INFINITY;

  constructor(collection: RxCollection<OutboxEntry>) {
    this.#collection = collection;
    this.#set = new LiveSet({
      collection,
      selectors: [{}],
      matches: (entry) => !isKept(entry),
      onChange: () => {
        this.#sorted = null;
        for (const listener of this.#listeners) listener();
      },
    });
    this.loaded = this.#set.loaded;
  }

  /** Every entry that is shown or sent, in the order the commands were made. The same array until something changes. */
  get entries(): readonly OutboxEntry[] {
    this.#sorted ??= [...this.#set.docs.values()].sort(byOrder);
    return this.#sorted;
  }

  get waiting(): readonly OutboxEntry[] {
    return this.entries.filter((entry) => entry.status === 'waiting');
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stores a command behind all others. Resolves once it is durable. */
  async add(command: CommandInput, conversationId: string | null): Promise<void> {
    await this.loaded;
    this.#lastOrder = Math.max(this.#lastOrder, this.entries.at(-1)?.order ?? 0) + 1;
    const order = this.#lastOrder;
    await this.#collection.insert({
      id: command.id,
      order,
      command,
      conversationId,
      status: 'waiting',
      result: null,
      epoch: 0,
    });
  }

  /**
   * Records the server's answers. A result for a command that is not here, or already answered, changes nothing; a held one
   * may be carried out or given up later, by the agent's decision on it or on what it waits for.
   */
  async settle(results: readonly SettledResult[], epoch: number): Promise<void> {
    const news = results.filter((result) => this.#isNews(result));
    const [known, others] = partition(news, (result) => this.#isKnownAfterRestore(result) || isDecided(result));
    const [refused, answered] = partition(others, (result) => this.#isRefusedPersonal(result));
    await Promise.all(answered.map((result) => this.#patch(result.id, { status: result.status, result, epoch })));
    const gone = [...known, ...refused].map(({ id }) => id);
    if (gone.length > 0) await this.#remove(gone);
  }

  /**
   * Puts applied commands whose effects the replica holds aside: they are not shown any more, and kept for a while in case
   * the server is restored from a backup.
   */
  async forgetReplicated(position: ReachedPosition, now: number): Promise<void> {
    const isDone = (entry: OutboxEntry) => isReplicated(entry, position);
    const [own, done] = partition(this.entries.filter(isDone), ({ command }) => isPersonal(command));
    // Half a sentence is nothing to offer again.
    if (own.length > 0) await this.#remove(own.map(({ id }) => id));
    await Promise.all(done.map(({ id }) => this.#patch(id, { keptSince: now })));
    if (done.length > 0 && now - this.#prunedAt > PRUNE_EVERY_MS) await this.prune(now);
  }

  /** Forgets what was kept for long enough: what an agent wrote does not stay longer than it is needed. */
  async prune(now: number): Promise<void> {
    this.#prunedAt = now;
    const kept = (await queryAllDocs(this.#collection)).filter(isKept).sort(byOrder).reverse();
    const old = kept.filter(({ keptSince }, index) => index >= KEPT_COUNT || now - (keptSince ?? 0) > KEPT_MS);
    if (old.length > 0) await this.#remove(old.map(({ id }) => id));
  }

  /** Commands this device knows to have been applied, of those made after `at`; in the order they were made. */
  async readApplied(at: number): Promise<CommandInput[]> {
    const entries = (await queryAllDocs(this.#collection)).sort(byOrder);
    return entries.flatMap(({ status, command }) => (status === 'applied' && (command.at ?? 0) > at ? [command] : []));
  }

  /** Queues applied commands once more, at their old places. */
  async offerAgain(commands: readonly CommandInput[]): Promise<void> {
    await Promise.all(
      commands.map((command) => this.#patch(command.id, { status: 'waiting', command, result: null, keptSince: null })),
    );
  }

  /** Gives up one command: a rejected one the agent has answered. */
  forget(id: string): Promise<void> {
    return this.#remove([id]);
  }

  close(): void {
    this.#set.close();
  }

  #isNews({ id, status, reason, answeredBy }: SettledResult): boolean {
    const entry = this.#set.docs.get(id);
    if (entry?.status !== 'held') return entry?.status === 'waiting';
    return status !== 'held' || answeredBy !== undefined || toWaitedFor(reason) !== toWaitedFor(entry.result?.reason);
  }

  /** A command that was offered again, and is in the restored desk after all. */
  #isKnownAfterRestore({ id, reason }: CommandResult): boolean {
    return reason?.kind === 'id-reused' && this.#set.docs.get(id)?.command.restored !== undefined;
  }

  #isRefusedPersonal({ id, status }: CommandResult): boolean {
    const command = this.#set.docs.get(id)?.command;
    return status !== 'applied' && command !== undefined && isPersonal(command);
  }

  async #patch(id: string, change: Partial<OutboxEntry>): Promise<void> {
    const doc = await this.#collection.findOne(id).exec();
    await doc?.incrementalPatch(change);
  }

  async #remove(ids: string[]): Promise<void> {
    await this.#collection.bulkRemove(ids);
    // RxDB only marks what it removes; what an agent wrote is not kept longer than it is needed.
    await this.#collection.storageInstance.cleanup(0);
  }
}

/** An answer, or the record of a command, which also says what answered it. */
type SettledResult = CommandResult & Pick<CommandDoc, 'answeredBy'>;

/** The agent has given it up, or asks by another command in its place: nothing is left to be shown of it. */
function isDecided({ status, reason, answeredBy }: SettledResult): boolean {
  return status === 'held' ? answeredBy !== undefined : reason?.kind === 'discarded';
}

/** The held command whose decision decides this one, or null. */
export function toWaitedFor(reason: CommandReason | undefined): string | null {
  return reason?.kind === 'after-held' ? reason.commandId : null;
}

/** About what is the agent's own: nobody waits for it, and a refusal is nothing an agent has to answer. */
export function isPersonal({ type }: CommandInput): boolean {
  return type === 'set-personal' || type === 'remove-personal';
}

function isKept({ keptSince }: OutboxEntry): boolean {
  return typeof keptSince === 'number';
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

export type ReachedPosition = Pick<SyncPosition, 'seq' | 'epoch' | 'renewing'>;

/**
 * True once the command's effects are in the replica, so that the overlay must not show them any more. Asked with the
 * checkpoint as it is stored, this turns in the very moment the checkpoint moves.
 */
export function isReplicated(entry: OutboxEntry, { seq, epoch, renewing }: ReachedPosition): boolean {
  if (entry.status !== 'applied') return false;
  // Answered before the log was read again from its start: a complete new reading holds it, whatever its numbers.
  if (entry.epoch < epoch) return !renewing;
  return (entry.result?.seq ?? 0) <= seq;
}
