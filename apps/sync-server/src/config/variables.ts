import { isIP } from 'node:net';
import { z } from 'zod';

const MAX_HOPS = 10;
const RANGE = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i;
const RANGE_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);

const booleanSchema = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

function integerSchema(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  );
}

function isTrustedRange(text: string): boolean {
  const name = text.trim();
  const [, address = '', prefix = '0'] = RANGE.exec(name) ?? [];
  const family = isIP(address);
  return RANGE_NAMES.has(name) || (family !== 0 && Number(prefix) <= (family === 4 ? 32 : 128));
}

/**
 * `false`, `true`, a number of proxies, or a list of their addresses; handed to Express as it is.
 *
 * @see https://expressjs.com/en/guide/behind-proxies.html
 */
const trustProxySchema = z
  .string()
  .refine(
    (text) =>
      text === 'true' ||
      text === 'false' ||
      (/^\d{1,2}$/.test(text) && Number(text) <= MAX_HOPS) ||
      text.split(',').every(isTrustedRange),
    `must be true, false, a number of proxies up to ${MAX_HOPS}, or a comma-separated list of their addresses or networks`,
  )
  .transform((text): boolean | number | string => {
    if (text === 'true' || text === 'false') return text === 'true';
    return /^\d+$/.test(text) ? Number(text) : text;
  });

/**
 * Every variable the server reads, as text from the environment. The descriptions are printed in `.env.example` and in
 * `docs/configuration.md`; an empty value counts as not set.
 */
export const variables = {
  PORT: integerSchema(0, 65_535)
    .default(7373)
    .describe('Port to listen on; 0 takes a free one. `--port` wins.')
    .meta({ shown: '7373' }),
  TRADEWIND_BIND: z
    .string()
    .refine((text) => text === 'localhost' || isIP(text) !== 0, 'must be an IP address, such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1')
    .describe('Address to listen on. The demo listens on this machine only.')
    .meta({ shown: '127.0.0.1' }),
  TRADEWIND_DATA: z
    .string()
    .optional()
    .describe('Folder for the database, files and the secret key. `--data` wins.')
    .meta({ shown: './data/demo or ./data/desk' }),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/, 'must be a PostgreSQL address such as postgres://user:password@host:5432/name')
    .optional()
    .describe('PostgreSQL 15 or newer to use in place of the embedded one; direct (session) connections.')
    .meta({ shown: 'embedded PostgreSQL' }),
  TRADEWIND_PUBLIC_URL: z
    .string()
    .refine(isHttpUrl, 'must be an http or https address without query, such as https://desk.example.com')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional()
    .describe('Address under which platforms and agents reach this server; webhook addresses are made from it.')
    .meta({ shown: 'the address listened on' }),
  TRADEWIND_TRUST_PROXY: trustProxySchema
    .default(false)
    .describe(
      'Whose X-Forwarded-* headers to believe: true, false, a number of proxies, or their addresses. Only behind a proxy.',
    )
    .meta({ shown: 'false' }),
  TRADEWIND_ADMIN_EMAIL: z
    .email('must be a mail address')
    .transform((text) => text.toLowerCase())
    .optional()
    .describe('With TRADEWIND_ADMIN_PASSWORD: makes the first admin of a desk that has no agents.'),
  TRADEWIND_ADMIN_PASSWORD: z
    .string()
    .min(8, 'must have at least 8 characters')
    .max(256, 'must have at most 256 characters')
    .optional()
    .describe('Password of the first admin, at least 8 characters. Not read again once there is an agent.'),
  TRADEWIND_SECRET_KEY: z
    .string()
    .regex(
      /^([0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/,
      'must be 32 bytes in base64 or hex, as `openssl rand -base64 32` prints',
    )
    .optional()
    .describe(
      'Key that encrypts the secrets of connected accounts: 32 bytes in base64 or hex. Keep a copy apart from backups.',
    )
    .meta({ shown: '{data}/secret.key, made at the first start' }),
  TRADEWIND_STRICT_EGRESS: booleanSchema
    .default(false)
    .describe('`true` refuses outgoing requests to private addresses even where an admin configured them.')
    .meta({ shown: 'false' }),
  TRADEWIND_TOMBSTONE_DAYS: integerSchema(1, 3650)
    .default(180)
    .describe('Days for which deletions are remembered; a console away for longer starts over.')
    .meta({ shown: '180' }),
  TRADEWIND_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
    .default('info')
    .describe('Least important log lines to write.')
    .meta({ shown: 'info' }),
} as const;

export const variablesSchema = z.object(variables);
