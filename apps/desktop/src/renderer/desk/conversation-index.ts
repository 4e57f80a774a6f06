import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { type ConversationRow, type QueueId, queueIds } from './types.ts';

/** A bigger batch is sorted as a whole; below it each row is put in its place. */
const SORT_ALL_FROM = 200;

function newestFirst(left: ConversationRow, right: ConversationRow): number {
  const byTime = right.conversation.lastMessageAt - left.conversation.lastMessageAt;
  if (byTime !== 0) return byTime;
  return left.conversation.id < right.conversation.id ? -1 : left.conversation.id > right.conversation.id ? 1 : 0;
}

/** Whether a conversation stands in a queue, seen by one agent. */
export function isInQueue(queue: QueueId, { status, assigneeId }: Conversation, agentId: string): boolean {
  if (queue === 'all') return true;
  if (queue === 'mine') return status !== 'resolved' && assigneeId === agentId;
  if (queue === 'unassigned') return status !== 'resolved' && assigneeId === null;
  return status === queue;
}

function isSameRow(left: ConversationRow | undefined, right: ConversationRow | null): boolean {
  if (!left || !right) return !left && !right;
  return (
    left.conversation === right.conversation &&
    left.customerName === right.customerName &&
    left.trouble === right.trouble &&
    left.pending === right.pending
  );
}

/**
 * The conversations of this device as lists and counts, in memory: one sorted array, changed in place by the rows that
 * changed; a queue's list is cut out of it when somebody asks, and is the same array until one of its rows changes.
 */
export class ConversationIndex {
  readonly #agentId: string;
  readonly #byId = new Map<string, ConversationRow>();
  readonly #byCustomer = new Map<string, Set<string>>();
  #sorted: ConversationRow[] = [];
  #counts = Object.fromEntries(queueIds.map((queue) => [queue, 0])) as Record<QueueId, number>;
  #countsView: Readonly<Record<QueueId, number>> | null = null;
  readonly #lists = new Map<QueueId, readonly ConversationRow[]>();
  readonly #customerLists = new Map<string, readonly Conversation[]>();

  constructor(agentId: string) {
    this.#agentId = agentId;
  }

  get(id: string): ConversationRow | undefined {
    return this.#byId.get(id);
  }

  get counts(): Readonly<Record<QueueId, number>> {
    this.#countsView ??= { ...this.#counts };
    return this.#countsView;
  }

  list(queue: QueueId): readonly ConversationRow[] {
    let list = this.#lists.get(queue);
    if (!list) {
      list = this.#sorted.filter((row) => isInQueue(queue, row.conversation, this.#agentId));
      this.#lists.set(queue, list);
    }
    return list;
  }

  idsOfCustomer(customerId: string): Iterable<string> {
    return this.#byCustomer.get(customerId) ?? [];
  }

  ofCustomer(customerId: string): readonly Conversation[] {
    let list = this.#customerLists.get(customerId);
    if (!list) {
      const rows = [...this.idsOfCustomer(customerId)].flatMap((id) => this.#byId.get(id) ?? []);
      list = rows.sort(newestFirst).map((row) => row.conversation);
      this.#customerLists.set(customerId, list);
    }
    return list;
  }

  /**
   * @param changes - the rows as they are now, by conversation id; null removes.
   * @returns false when nothing differs from before.
   */
  update(changes: ReadonlyMap<string, ConversationRow | null>): boolean {
    const real = [...changes].filter(([id, row]) => !isSameRow(this.#byId.get(id), row));
    if (real.length === 0) return false;
    if (real.length >= SORT_ALL_FROM) this.#replaceAll(real);
    else for (const [id, row] of real) this.#replaceOne(id, row);
    this.#countsView = null;
    return true;
  }

  #replaceAll(changes: readonly (readonly [string, ConversationRow | null])[]): void {
    for (const [id, row] of changes) this.#record(id, row);
    this.#sorted = [...this.#byId.values()].sort(newestFirst);
  }

  #replaceOne(id: string, row: ConversationRow | null): void {
    const before = this.#byId.get(id);
    if (before) this.#sorted.splice(this.#placeOf(before), 1);
    if (row) this.#sorted.splice(this.#placeOf(row), 0, row);
    this.#record(id, row);
  }

  /** Where the row stands, or belongs. */
  #placeOf(row: ConversationRow): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#sorted[middle];
      if (other && newestFirst(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #record(id: string, row: ConversationRow | null): void {
    const before = this.#byId.get(id);
    if (before) this.#count(before, -1);
    if (row) this.#count(row, 1);
    if (row) this.#byId.set(id, row);
    else this.#byId.delete(id);
  }

  #count({ conversation }: ConversationRow, step: 1 | -1): void {
    for (const queue of queueIds) {
      if (!isInQueue(queue, conversation, this.#agentId)) continue;
      this.#counts[queue] += step;
      this.#lists.delete(queue);
    }
    const { id, customerId } = conversation;
    this.#customerLists.delete(customerId);
    const ids = this.#byCustomer.get(customerId) ?? new Set();
    this.#byCustomer.set(customerId, ids);
    if (step === 1) ids.add(id);
    else ids.delete(id);
  }
}
