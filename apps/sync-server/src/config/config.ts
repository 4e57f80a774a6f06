import type { z } from 'zod';
import { type Flags, parseFlags } from './flags.ts';
import { variablesSchema } from './variables.ts';

export interface Config {
  /** `demo` has the sample shop; a data folder belongs to one mode for life. */
  readonly mode: 'demo' | 'desk';
  readonly port: number;
  readonly bind: string;
  /** Null: the default folder of the mode. */
  readonly dataDir: string | null;
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Without a slash at the end. Null: made from the address listened on. */
  readonly publicUrl: string | null;
  readonly trustProxy: boolean | number | string;
  readonly strictEgress: boolean;
  readonly tombstoneDays: number;
  readonly admin: { readonly email: string; readonly password: string } | null;
  /** 32 bytes in base64 or hex. Null: `{data}/secret.key`. */
  readonly secretKey: string | null;
  readonly headless: boolean;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Everything that is wrong with the configuration, one sentence each, named by variable or flag. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : 'problems'}:\n${problems.map((one) => `  ${one}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Reads environment and flags. The only place in the server that knows variable names; flags win over variables.
 *
 * @param argv - arguments after the program's own, such as `['--port', '8080']`.
 * @throws ConfigError with every problem at once.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>, argv: readonly string[] = []): Config {
  const { flags, problems } = parseFlags(argv);
  const parsed = variablesSchema.safeParse(withFlags(env, flags));
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => toSentence(issue, flags)));
  else problems.push(...findContradictions(parsed.data, flags));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data, flags);
}

function withFlags(env: Readonly<Record<string, string | undefined>>, flags: Flags): Record<string, string> {
  const set = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return {
    ...Object.fromEntries(set),
    ...(flags.port === undefined ? {} : { PORT: flags.port }),
    ...(flags.data === undefined ? {} : { TRADEWIND_DATA: flags.data }),
  };
}

function toSentence(issue: z.core.$ZodIssue, flags: Flags): string {
  const variable = String(issue.path[0]);
  return `${variable === 'PORT' && flags.port !== undefined ? '--port' : variable}: ${issue.message}`;
}

function findContradictions(values: z.output<typeof variablesSchema>, flags: Flags): string[] {
  const problems: string[] = [];
  const { TRADEWIND_ADMIN_EMAIL: email, TRADEWIND_ADMIN_PASSWORD: password } = values;
  if ((email === undefined) !== (password === undefined)) {
    const missing = email === undefined ? 'TRADEWIND_ADMIN_EMAIL' : 'TRADEWIND_ADMIN_PASSWORD';
    problems.push(`${missing}: must be set too; the first admin needs both mail address and password`);
  }
  if (email !== undefined && password?.toLowerCase() === email) {
    problems.push('TRADEWIND_ADMIN_PASSWORD: must not be the mail address');
  }
  if (!flags.noDemo && !LOOPBACK.has(values.TRADEWIND_BIND)) {
    problems.push('TRADEWIND_BIND: the demo listens on 127.0.0.1 only; start a real desk with --no-demo');
  }
  return problems;
}

function toConfig(values: z.output<typeof variablesSchema>, flags: Flags): Config {
  const { TRADEWIND_ADMIN_EMAIL: email, TRADEWIND_ADMIN_PASSWORD: password } = values;
  return {
    mode: flags.noDemo ? 'desk' : 'demo',
    port: values.PORT,
    bind: values.TRADEWIND_BIND,
    dataDir: values.TRADEWIND_DATA ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    publicUrl: values.TRADEWIND_PUBLIC_URL ?? null,
    trustProxy: values.TRADEWIND_TRUST_PROXY,
    strictEgress: values.TRADEWIND_STRICT_EGRESS,
    tombstoneDays: values.TRADEWIND_TOMBSTONE_DAYS,
    admin: email !== undefined && password !== undefined ? { email, password } : null,
    secretKey: values.TRADEWIND_SECRET_KEY ?? null,
    headless: flags.headless,
    logLevel: values.TRADEWIND_LOG_LEVEL,
  };
}
