import { parseArgs } from 'node:util';
import { readFlags } from '../terminal/read-flags.ts';

const BACKUP_USAGE = 'npm run backup -- [--data DIR] [--out FILE]';
const RESTORE_USAGE = 'npm run restore -- FILE [--data DIR]';

export interface BackupFlags {
  data: string | null;
  out: string | null;
}

export interface RestoreFlags {
  data: string | null;
  archive: string;
}

/** @throws Error in one sentence that says how the command is written. */
export function parseBackupFlags(argv: readonly string[]): BackupFlags {
  return readFlags(BACKUP_USAGE, () => {
    const { values } = parseArgs({
      args: [...argv],
      options: { data: { type: 'string' }, out: { type: 'string' } },
    });
    return { data: values.data ?? null, out: values.out ?? null };
  });
}

/** @throws Error in one sentence that says how the command is written. */
export function parseRestoreFlags(argv: readonly string[]): RestoreFlags {
  return readFlags(RESTORE_USAGE, () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { data: { type: 'string' } },
      allowPositionals: true,
    });
    const [archive, ...more] = positionals;
    if (archive === undefined || more.length > 0) throw new Error('Name one archive');
    return { archive, data: values.data ?? null };
  });
}
