import pino, { type DestinationStream, type Logger } from 'pino';
import { redact } from './redact.ts';

/**
 * The server's log: one JSON object a line. Redaction happens here, on the finished line, so that no caller, child logger
 * or error can go around it.
 *
 * @param destination - where lines go; standard output when absent.
 */
export function createLogger(level: pino.LevelWithSilent, destination: DestinationStream = process.stdout): Logger {
  const sink: DestinationStream = { write: (line) => destination.write(redactLine(line)) };
  return pino(
    { level, base: null, serializers: { err: toLoggedError }, timestamp: pino.stdTimeFunctions.isoTime },
    sink,
  );
}

function redactLine(line: string): string {
  return `${JSON.stringify(redact(JSON.parse(line)))}\n`;
}

/** Only these fields: a database error also carries the row it refused, an HTTP error the request it sent. */
function toLoggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(error.cause === undefined ? {} : { cause: toLoggedError(error.cause) }),
  };
}
