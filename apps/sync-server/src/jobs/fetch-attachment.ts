import type { AccountDirectory } from '../accounts/account-directory.ts';
import { PlatformError, type SendResult } from '../connector.ts';
import type { Db } from '../db/database.ts';
import { writeMessages } from '../db/documents.ts';
import { runWrites } from '../db/writes.ts';
import type { FileStore } from '../files/file-store.ts';
import { appendChanges, type ChangeBus, headOf } from '../replication/change-log.ts';
import type { ClaimedEffect } from './ledger.ts';

interface FetchDeps {
  db: Db;
  accounts: AccountDirectory;
  files: FileStore;
  bus: ChangeBus;
  now: () => number;
}

/**
 * Brings a file the platform keeps for us (Mailgun's `store()` keeps them three days) into our own files and completes
 * the message. Reading twice is harmless, so every failure is retried until the attempts are used up. Never throws.
 */
export async function fetchAttachment(
  deps: FetchDeps,
  effect: ClaimedEffect,
  signal: AbortSignal,
): Promise<SendResult> {
  const attachmentId = effect.external_id ?? '';
  try {
    const row = await deps.db
      .selectFrom('attachments')
      .select(['source_url', 'sha256'])
      .where('id', '=', attachmentId)
      .executeTakeFirst();
    if (!row || row.source_url === null || row.sha256 !== null) return { status: 'sent', externalId: attachmentId };
    const account = await deps.accounts.find(effect.account_id);
    if (!account) throw new Error('The channel account cannot be used.');
    const file = await account.fetchFile(row.source_url, signal);
    const stored = await deps.files.storeFile(file.content);
    await complete(deps, effect, attachmentId, { ...stored, problem: null });
    return { status: 'sent', externalId: attachmentId };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const retryAfterMs = error instanceof PlatformError ? error.retryAfterMs : null;
    return {
      status: 'failed',
      reason: { kind: 'attachment-unavailable', text },
      retryable: true,
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    };
  }
}

/** Tells the agent, on the message itself, that a file will not come and why. */
export function giveUpAttachment(deps: FetchDeps, effect: ClaimedEffect, problem: string): Promise<void> {
  return complete(deps, effect, effect.external_id ?? '', { sha256: null, sizeBytes: null, problem });
}

async function complete(
  deps: FetchDeps,
  effect: ClaimedEffect,
  attachmentId: string,
  outcome: { sha256: string | null; sizeBytes: number | null; problem: string | null },
): Promise<void> {
  const now = deps.now();
  const head = await deps.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('messages')
      .select('doc')
      .where('id', '=', effect.message_id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return 0;
    if (outcome.sha256 !== null && outcome.sizeBytes !== null) {
      await tx
        .insertInto('files')
        .values({ sha256: outcome.sha256, size_bytes: outcome.sizeBytes, created_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await tx
        .updateTable('attachments')
        .set({ sha256: outcome.sha256, size_bytes: outcome.sizeBytes })
        .where('id', '=', attachmentId)
        .execute();
    }
    const attachments = row.doc.attachments.map((one) =>
      one.id === attachmentId
        ? {
            ...one,
            sha256: outcome.sha256,
            sizeBytes: outcome.sizeBytes ?? one.sizeBytes,
            ...(outcome.problem === null ? {} : { problem: outcome.problem }),
          }
        : one,
    );
    await runWrites(tx, [writeMessages([{ ...row.doc, attachments }])]);
    const entry = { collection: 'message' as const, id: effect.message_id, scopes: null };
    return headOf(await appendChanges(tx, [entry], now));
  });
  deps.bus.announce(head);
}
