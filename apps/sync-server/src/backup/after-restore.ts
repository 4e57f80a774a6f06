import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { RESTORE_MARK } from '../replication/changes-page.ts';

/**
 * Positions in the change log that a restored desk leaves out. What consoles got between backup and restore has positions
 * above the backup's: none of them may be given to something else, or a console would take it for what it holds.
 */
const SEQ_GAP = 1_000_000_000;

export interface Settled {
  /** Messages whose outcome the agents have to settle. */
  unknownMessages: number;
  endedSessions: number;
}

/**
 * What must be true of a restored desk before anybody works on it (docs/adr/0013): nothing leaves unasked, nobody is let in
 * by what may have been withdrawn since the backup, and consoles read everything again.
 *
 * @param backedUpAtMs - when the archive was made.
 */
export async function settleRestoredDesk(client: pg.Client, backedUpAtMs: number, nowMs: number): Promise<Settled> {
  await recordRestore(client, nowMs);
  await beginHistory(client, nowMs);
  const unknownMessages = await settleEffects(client, backedUpAtMs, nowMs);
  const endedSessions = await withdrawAccess(client, nowMs);
  await client.query(
    `insert into audit (at, actor, action, target, after)
     select $1::bigint, 'server', 'desk.restore', 'desk:' || id, $2::jsonb from desk`,
    [nowMs, JSON.stringify({ backedUpAt: backedUpAtMs, unknownMessages, endedSessions })],
  );
  return { unknownMessages, endedSessions };
}

/**
 * Where the restored history stood: consoles are told, and what they have seen done since then they may tell in return
 * (`commands/restored.ts`).
 */
async function recordRestore(client: pg.Client, nowMs: number): Promise<void> {
  await client.query(
    `update desk set restored_at = $1,
       restored_head_seq = (select last_value from change_seq),
       restored_head_at = coalesce((select at from change_log order by seq desc limit 1), created_at)`,
    [nowMs],
  );
}

/**
 * All that was restored counts as one commit with a mark of its own, so that every checkpoint of before asks for a resync; the
 * positions left out have another, by which a position of the lost history is known.
 */
async function beginHistory(client: pg.Client, nowMs: number): Promise<void> {
  const { rows } = await client.query<{ restored: string | number; head: string | number }>(
    `select before.last_value as restored, setval('change_seq', before.last_value + $1::bigint) as head
     from (select last_value from change_seq) before`,
    [SEQ_GAP],
  );
  const [at] = rows;
  if (!at) throw new Error('the change log has no sequence');
  await client.query(
    `insert into commit_marks (first_seq, last_seq, mark, at)
     values (1, $1::bigint, $3, $5), ($1::bigint + 1, $2::bigint, $4, $5)`,
    [at.restored, at.head, createMark(), `${RESTORE_MARK}${createMark()}`, nowMs],
  );
}

/**
 * A message that was waiting or on its way when the backup was made may have left since (R11): its outcome is unknown until a
 * delivery report comes or its agent decides. Files to be fetched are fetched.
 */
async function settleEffects(client: pg.Client, backedUpAtMs: number, nowMs: number): Promise<number> {
  await client.query(
    `update effects set state = 'queued', node = null, lease_until = null, updated_at = $1
     where kind = 'fetch-attachment' and state = 'attempting'`,
    [nowMs],
  );
  const failure = {
    kind: 'unknown-outcome',
    text: `The desk was restored from a backup of ${new Date(backedUpAtMs).toISOString()}: the message may have been sent since.`,
  };
  const { rows } = await client.query<{ id: string }>(
    `with settled as (
       update effects set state = 'unknown', node = null, lease_until = null, updated_at = $1
       where kind = 'send-message' and state in ('queued', 'attempting') returning message_id
     )
     update messages m set status = 'unknown', doc = m.doc || jsonb_build_object('status', 'unknown', 'failure', $2::jsonb)
     where m.id in (select message_id from settled) and m.status in ('queued', 'sending') returning m.id`,
    [nowMs, JSON.stringify(failure)],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) {
    const ofEach = <T>(value: T): T[] => ids.map(() => value);
    await client.query('select append_changes($1::text[], $2::text[], $3::text[], $4::boolean[], $5, $6)', [
      ofEach('message'),
      ids,
      ofEach(null), // who may read them stays as it is
      ofEach(false),
      createMark(),
      nowMs,
    ]);
  }
  return ids.length;
}

/** What was revoked after the backup would be valid again: nobody stays logged in, and no link sent before still works. */
async function withdrawAccess(client: pg.Client, nowMs: number): Promise<number> {
  const sessions = await client.query('delete from sessions');
  await client.query('delete from password_resets');
  await client.query('update invites set revoked_at = $1 where accepted_at is null and revoked_at is null', [nowMs]);
  await client.query('update desk set setup_code = null'); // a desk without agents gets a new one at its start
  return sessions.rowCount ?? 0;
}

function createMark(): string {
  return randomBytes(9).toString('base64url');
}
