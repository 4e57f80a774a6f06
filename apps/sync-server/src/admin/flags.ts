import { parseArgs } from 'node:util';

const USAGE = 'usage: npm run admin -- list | reset EMAIL | remove-totp EMAIL [--data DIR]';

export interface AdminFlags {
  order: { do: 'list' } | { do: 'reset' | 'remove-totp'; email: string };
  data: string | null;
}

/** @throws Error in one sentence that says how the command is written. */
export function parseAdminFlags(argv: readonly string[]): AdminFlags {
  const { values, positionals } = parse(argv);
  const data = values.data ?? null;
  const [word, email, ...more] = positionals;
  if (word === 'list' && email === undefined) return { order: { do: 'list' }, data };
  if ((word === 'reset' || word === 'remove-totp') && email !== undefined && more.length === 0) {
    return { order: { do: word, email: email.trim().toLowerCase() }, data };
  }
  throw new Error(`Say what to do (${USAGE}).`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: { data: { type: 'string' } }, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('.')[0] ?? '') : '';
    throw new Error(`${reason} (${USAGE}).`, { cause: error });
  }
}
