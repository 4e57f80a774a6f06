import type { CommandInput } from '@tradewind/shared/commands/registry';
import type { CommandResult } from '@tradewind/shared/protocol/commands';
import type { RxCollection } from 'rxdb';
import type { OutboxEntry, SyncPosition } from '../db/documents.ts';
import { LiveSet } from '../db/live-set.ts';

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

  constructor(collection: RxCollection<OutboxEntry>) {
    this.#collection = collection;
    this.#set = new LiveSet({
      collection,
      selectors: [{}],
      matches: () => true,
      onChange: () => {
        this.#sorted = null;
        for (const listener of this.#listeners) listener();
      },
    });
    this.loaded = this.#set.loaded;
  }

  /** Every entry, in the order the commands were made. The same array until something changes. */
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

  /** Records the server's answers. A result for a command that is not here, or already answered, changes nothing. */
  async settle(results: readonly CommandResult[], epoch: number): Promise<void> {
    const news = results.filter(({ id }) => this.#set.docs.get(id)?.status === 'waiting');
    await Promise.all(news.map((result) => this.#patch(result.id, { status: result.status, result, epoch })));
  }

  /** Forgets applied commands whose effects the replica holds. */
  async forgetReplicated(position: ReachedPosition): Promise<void> {
    const done = this.entries.filter((entry) => isReplicated(entry, position)).map(({ id }) => id);
    if (done.length > 0) await this.#remove(done);
  }

  /** Gives up one command: a rejected one the agent has answered. */
  forget(id: string): Promise<void> {
    return this.#remove([id]);
  }

  close(): void {
    this.#set.close();
  }

  async #patch(id: string, change: Pick<OutboxEntry, 'status' | 'result' | 'epoch'>): Promise<void> {
    const doc = await this.#collection.findOne(id).exec();
    await doc?.incrementalPatch(change);
  }

  async #remove(ids: string[]): Promise<void> {
    await this.#collection.bulkRemove(ids);
    // RxDB only marks what it removes; what an agent wrote is not kept longer than it is needed.
    await this.#collection.storageInstance.cleanup(0);
  }
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
