export interface Flags {
  port?: string;
  data?: string;
  noDemo: boolean;
  headless: boolean;
}

const KNOWN = 'known flags are --port N, --data DIR, --no-demo and --headless';
// `npm start --port 8080` hands on "8080" alone.
const NPM_TAKES_FLAGS = 'npm keeps flags to itself unless they follow a "--": npm start -- --port 8080';

/**
 * Reads the flags behind `npm start --`; values may follow as the next argument or after `=`.
 *
 * @returns the flags and a sentence for each one that cannot be read.
 */
export function parseFlags(argv: readonly string[]): { flags: Flags; problems: string[] } {
  const flags: Flags = { noDemo: false, headless: false };
  const problems: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    const [name = '', inline] = splitOnce(argument);
    if (name === '--port' || name === '--data') {
      const value = inline ?? argv[++index];
      if (value === undefined || value === '' || value.startsWith('--')) problems.push(`${name}: needs a value`);
      else flags[name === '--port' ? 'port' : 'data'] = value;
    } else if (argument === '--no-demo') flags.noDemo = true;
    else if (argument === '--headless') flags.headless = true;
    else if (!argument.startsWith('-')) problems.push(`${argument}: is no flag; ${NPM_TAKES_FLAGS}`);
    else problems.push(`${argument}: unknown flag; ${KNOWN}`);
  }
  return { flags, problems };
}

function splitOnce(argument: string): [string, string?] {
  const at = argument.indexOf('=');
  return at === -1 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}
