import type { SnapshotItem } from '@tradewind/shared/protocol/sync';
import type { PartRequest, WholePart } from './replica.ts';
import type { SyncTransport, TransportResult } from './transport.ts';

export const ITEMS_PER_PAGE = 2_000;

/** Reads all pages of a part that is known to be small: one conversation, or one range of documents. */
export async function readWholePart(
  transport: Pick<SyncTransport, 'snapshot'>,
  { part, accessVersion }: PartRequest,
  signal: AbortSignal,
): Promise<TransportResult<WholePart>> {
  const items: SnapshotItem[] = [];
  let cursor: string | null = null;
  for (;;) {
    const answer = await transport.snapshot({ part, cursor, accessVersion, limit: ITEMS_PER_PAGE }, signal);
    if (!answer.ok) return answer;
    items.push(...answer.value.items);
    cursor = answer.value.nextCursor;
    if (cursor !== null) continue;
    return { ...answer, value: { asOf: answer.value.asOf, accessVersion: answer.value.accessVersion, items } };
  }
}
