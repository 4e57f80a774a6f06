import { createUuidV7 } from '@tradewind/shared/ids';
import type { Db, Tx } from '../db/database.ts';
import { appendChanges } from '../replication/change-log.ts';
import { directoryEntry } from '../replication/run-change.ts';
import { insertAgent } from './insert-agent.ts';
import { hashPassword } from './password.ts';
import { createReadableCode } from './readable-code.ts';

export interface DeskFacts {
  id: string;
  mode: 'demo' | 'desk';
  name: string;
  /** What the first admin is made with; null once there is an agent. The same on every node. */
  setupCode: string | null;
}

export interface BootstrapOptions {
  mode: 'demo' | 'desk';
  keyFingerprint: string;
  /** Makes the first admin when the desk has no agents. */
  admin: { readonly email: string; readonly password: string } | null;
  now: () => number;
}

/**
 * Makes the desk's row at the first start, and checks at every other one that mode and secret key are still its own.
 *
 * @throws Error with one sentence for people when they are not.
 */
export async function prepareDesk(db: Db, options: BootstrapOptions): Promise<DeskFacts> {
  const at = options.now();
  const passwordHash = options.admin && !(await hasAgents(db)) ? await hashPassword(options.admin.password) : null;
  return db.transaction().execute(async (tx) => {
    await tx
      .insertInto('desk')
      .values({
        id: createUuidV7(at),
        mode: options.mode,
        name: options.mode === 'demo' ? 'Tradewind demo' : 'Tradewind',
        key_fingerprint: options.keyFingerprint,
        created_at: at,
      })
      .onConflict((conflict) => conflict.column('one').doNothing())
      .execute();
    // Two servers that start at once make one admin, or one set-up code, between them.
    const desk = await tx.selectFrom('desk').selectAll().forUpdate().executeTakeFirstOrThrow();
    if (desk.mode !== options.mode) throw new Error(explainMode(desk.mode));
    if (desk.key_fingerprint !== options.keyFingerprint) {
      throw new Error(
        'The secret key is not the one this desk was made with: put back the original TRADEWIND_SECRET_KEY or secret.key.',
      );
    }
    if (options.admin && passwordHash !== null && !(await hasAgents(tx))) {
      await createAdmin(tx, options.admin.email, passwordHash, at);
    }
    const setupCode = (await hasAgents(tx)) ? null : (desk.setup_code ?? createReadableCode());
    if (setupCode !== desk.setup_code) await tx.updateTable('desk').set({ setup_code: setupCode }).execute();
    return { id: desk.id, mode: desk.mode, name: desk.name, setupCode };
  });
}

function explainMode(mode: 'demo' | 'desk'): string {
  return mode === 'demo'
    ? 'This data belongs to the demo: start without --no-demo, or choose another folder with --data.'
    : 'This data belongs to a real desk: start with --no-demo, or choose another folder with --data.';
}

/** For links that are made without a server, such as those of `npm run admin`. */
export async function rememberPublicUrl(db: Db, publicUrl: string): Promise<void> {
  await db.updateTable('desk').set({ public_url: publicUrl }).execute();
}

/** A desk without agents is new: its first admin has yet to be made. */
export async function hasAgents(db: Db | Tx): Promise<boolean> {
  return (await db.selectFrom('agents').select('id').limit(1).executeTakeFirst()) !== undefined;
}

async function createAdmin(tx: Tx, email: string, passwordHash: string, at: number): Promise<void> {
  const name = email.split('@')[0] ?? email;
  const { id } = await insertAgent(tx, 'server', { email, name, role: 'admin', teamIds: [], passwordHash }, at);
  await appendChanges(tx, [directoryEntry(id)], at);
}
