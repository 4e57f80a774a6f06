import { type Config, ConfigError } from '../config/config.ts';

// Wrong password or user, no such database, too many connections, shutting down or starting up.
const CONNECTION_STATES = /^(28|3D|53|57)/;
const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ECONNRESET',
  'EAI_AGAIN',
]);

type Facts = Pick<Config, 'bind' | 'port' | 'databaseUrl'>;

/**
 * What a person reads when the start fails: one sentence for each thing that is wrong, never a stack.
 *
 * @param introduction - before what others said about a failure.
 */
export function describeFailure(
  error: unknown,
  config: Facts | null,
  introduction = 'Tradewind could not start',
): string {
  if (error instanceof ConfigError) return error.problems.join('\n');
  if (!(error instanceof Error)) return `${introduction}: ${String(error)}`;
  const code = 'code' in error ? String(error.code) : '';
  if (config !== null && 'syscall' in error && error.syscall === 'listen') return describeListenFailure(code, config);
  if (config?.databaseUrl && (CONNECTION_STATES.test(code) || CONNECTION_ERRORS.has(code))) {
    return `The PostgreSQL of DATABASE_URL cannot be used: ${error.message || code}.`;
  }
  // Our own sentences are plain errors; others are of a kind, or carry a system's code.
  const isSentence = error.constructor === Error && code === '';
  return isSentence ? error.message : `${introduction}: ${error.message}`;
}

function describeListenFailure(code: string, { bind, port }: Facts): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${bind} is already in use: stop the program that has it, or choose another with --port N.`;
    case 'EACCES':
      return `Port ${port} may not be used without more rights: choose one above 1023 with --port N.`;
    case 'EADDRNOTAVAIL':
      return `This machine does not have the address ${bind}: change TRADEWIND_BIND.`;
    default:
      return `Tradewind cannot listen on ${bind}, port ${port} (${code}).`;
  }
}
