import { AppError } from '@tradewind/shared/protocol/errors';
import type { Tx } from '../db/database.ts';

/** @throws AppError `bad-input` naming each team that does not exist. */
export async function assertTeamsExist(tx: Tx, teamIds: readonly string[]): Promise<void> {
  if (teamIds.length === 0) return;
  const rows = await tx
    .selectFrom('teams')
    .select('id')
    .where('id', 'in', [...teamIds])
    .execute();
  const known = new Set(rows.map((row) => row.id));
  const errors = teamIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `teamIds.${index}`, message: 'no such team' }],
  );
  if (errors.length > 0) throw new AppError('bad-input', 'A team does not exist.', { errors });
}
