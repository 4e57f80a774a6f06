import { ConfigError } from '../config/config.ts';

/** What a person reads when the start fails: one sentence for each thing that is wrong, never a stack. */
export function describeFailure(error: unknown, address: { bind: string; port: number } | null): string {
  if (error instanceof ConfigError) return error.problems.join('\n');
  if (!(error instanceof Error)) return `Tradewind could not start: ${String(error)}`;
  if (address !== null && 'syscall' in error && error.syscall === 'listen' && 'code' in error) {
    return describeListenFailure(String(error.code), address);
  }
  // Our own sentences are plain errors; others are of a kind, or carry a system's code.
  const isSentence = error.constructor === Error && !('code' in error);
  return isSentence ? error.message : `Tradewind could not start: ${error.message}`;
}

function describeListenFailure(code: string, { bind, port }: { bind: string; port: number }): string {
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
