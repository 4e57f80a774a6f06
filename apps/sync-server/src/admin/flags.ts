import { parseArgs } from 'node:util';
import { readFlags } from '../terminal/read-flags.ts';

const USAGE = 'npm run admin -- list | reset EMAIL | remove-totp EMAIL [--data DIR]';

export interface AdminFlags {
  order: { do: 'list' } | { do: 'reset' | 'remove-totp'; email: string };
  data: string | null;
}

/** @throws Error in one sentence that says how the command is written. */
export function parseAdminFlags(argv: readonly string[]): AdminFlags {
  return readFlags(USAGE, () => {
    const options = { data: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { order: parseOrder(positionals), data: values.data ?? null };
  });
}

function parseOrder([word, email, ...more]: readonly string[]): AdminFlags['order'] {
  if (word === 'list' && email === undefined) return { do: 'list' };
  if ((word === 'reset' || word === 'remove-totp') && email !== undefined && more.length === 0) {
    return { do: word, email: email.trim().toLowerCase() };
  }
  throw new Error('Say what to do');
}
