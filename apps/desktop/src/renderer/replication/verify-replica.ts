import { type CollectionName, collections, DIGEST_RANGE, type Digest, digestOf } from '@tradewind/shared/protocol/sync';
import { readWholePart } from './read-whole-part.ts';
import type { DocumentRange, Replica } from './replica.ts';
import type { SyncTransport, TransportFailure } from './transport.ts';

type DigestRange = Digest['ranges'][number];

export interface VerifyReport {
  ranges: number;
  /** Ranges in which something changed while they were compared: nothing is known of them. */
  moved: number;
  /** Ranges that were not what the server has, and are now. */
  repaired: readonly DocumentRange[];
}

/**
 * Compares this copy with the server's digests and replaces what differs. Asked at the head of the log, with all parts
 * here: what is still to come would count as missing.
 */
export async function verifyReplica(
  replica: Replica,
  transport: Pick<SyncTransport, 'digest' | 'snapshot'>,
  signal: AbortSignal,
): Promise<{ ok: true; report: VerifyReport } | { ok: false; failure: TransportFailure }> {
  const { checkpoint, seq, accessVersion, epoch } = replica.position;
  const answer = await transport.digest({ checkpoint, accessVersion }, signal);
  if (!answer.ok) return answer;
  const { ranges } = answer.value;
  const unequal: DocumentRange[] = [];
  let moved = 0;
  for (const name of compared) {
    const found = await compare(replica, name, ranges, seq);
    unequal.push(...found.unequal);
    moved += found.moved;
  }
  for (const range of unequal) {
    const part = `range:${range.collection}:${range.from}:${range.to}`;
    const asked = { part, cursor: null, epoch, accessVersion };
    const whole = await readWholePart(transport, asked, signal);
    if (!whole.ok) return whole;
    await replica.repairRange(range, asked, whole.value);
  }
  return { ok: true, report: { ranges: ranges.length, moved, repaired: unequal } };
}

/** Conversations before their messages. A copy begins with the agent's unanswered commands only: those are not compared. */
const compared = collections.filter((name) => name !== 'command').toSorted();

async function compare(replica: Replica, name: CollectionName, ranges: readonly DigestRange[], askedSeq: number) {
  const listed = ranges
    .filter(({ collection }) => collection === name)
    .toSorted((left, right) => left.from - right.from);
  const held = new Map<DigestRange, { id: string; seq: number }[]>(listed.map((range) => [range, []]));
  const unlisted = new Map<number, DigestRange>();
  for await (const docs of replica.documents.read(name)) {
    for (const { id, replicaSeq, replicaCreatedSeq: createdSeq = 0 } of docs) {
      const range = findRange(listed, createdSeq) ?? toUnlisted(unlisted, name, createdSeq);
      const entries = held.get(range) ?? [];
      held.set(range, entries);
      entries.push({ id, seq: replicaSeq });
    }
  }
  const changed = [...held].filter(([range, entries]) => range.moved || entries.some((entry) => entry.seq > askedSeq));
  for (const [range] of changed) held.delete(range);
  const unequal = [...held].flatMap(([{ collection, from, to, count, hash }, entries]) =>
    count === entries.length && hash === digestOf(entries) ? [] : [{ collection, from, to }],
  );
  return { unequal, moved: changed.length };
}

/** By bisection: a large desk has many ranges, and each document asks. */
function findRange(ranges: readonly DigestRange[], createdSeq: number): DigestRange | null {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (!range) break;
    if (createdSeq < range.from) high = middle - 1;
    else if (createdSeq >= range.to) low = middle + 1;
    else return range;
  }
  return null;
}

/** Where the server lists nothing, it has nothing. */
function toUnlisted(unlisted: Map<number, DigestRange>, collection: CollectionName, createdSeq: number): DigestRange {
  const from = Math.floor(createdSeq / DIGEST_RANGE) * DIGEST_RANGE;
  const range = unlisted.get(from) ?? { collection, from, to: from + DIGEST_RANGE, count: 0, hash: digestOf([]) };
  unlisted.set(from, range);
  return range;
}
