import { randomUUID } from 'node:crypto';
import { AppError, ERROR_STATUS, type ErrorKind, type Problem } from '@tradewind/shared/protocol/errors';
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { isConnectionProblem } from '../ingest/inbox.ts';

/** What body parsers, the router and the file sender throw: an error with the HTTP status it means. */
const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  400: 'bad-input',
  404: 'not-found',
  413: 'too-large',
  415: 'unsupported-media-type',
};
const SENTENCES: Readonly<Partial<Record<ErrorKind, string>>> = {
  'bad-input': 'The request cannot be read.',
  'not-found': 'There is nothing at this address.',
  'too-large': 'The request body is too large.',
  'unsupported-media-type': 'The request body has an encoding or character set this server does not read.',
};
// Text the database refuses: character_not_in_repertoire, untranslatable_character, invalid_text_representation.
const REFUSED_TEXT = new Set(['22021', '22P05', '22P02']);

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const DATABASE_DISK_FULL = '53100';

/** The error in our own words; `internal` and its id for whatever was not foreseen. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { status, code, type } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  if (type === 'entity.parse.failed') return new AppError('bad-input', 'The body is not valid JSON.', { cause: error });
  if (typeof code === 'string' && REFUSED_TEXT.has(code)) {
    return new AppError('bad-input', 'The request holds text that cannot be stored.', { cause: error });
  }
  const kind = isClientError(status) ? (KIND_OF_STATUS[status] ?? 'bad-input') : undefined;
  if (kind) return new AppError(kind, SENTENCES[kind] ?? 'The request cannot be answered.', { cause: error });
  if (code === DATABASE_DISK_FULL || code === 'ENOSPC') {
    return new AppError('unavailable', "The server's disk is full: whoever looks after it has to make room.", {
      cause: error,
    });
  }
  if (isConnectionProblem(error)) {
    return new AppError('unavailable', 'The database is out of reach. Try again in a moment.', { cause: error });
  }
  return new AppError('internal', 'Something went wrong on our side.', {
    cause: error,
    data: { errorId: randomUUID() },
  });
}

function isClientError(status: unknown): status is number {
  return typeof status === 'number' && status >= 400 && status < 500;
}

/** What the libraries said where it is more exact than our kinds: 416 for a range beyond the file. */
function statusOf(error: unknown, known: AppError): number {
  const { status } = (typeof error === 'object' && error !== null ? error : {}) as { status?: unknown };
  return isClientError(status) ? status : ERROR_STATUS[known.kind];
}

export function sendProblem(response: Response, problem: Problem): void {
  if (problem.retryAfterMs !== undefined) response.set('Retry-After', String(Math.ceil(problem.retryAfterMs / 1_000)));
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The one place where errors become answers. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    const known = toAppError(error);
    const fields = { event: 'http.failed', method: request.method, route: response.locals.route, err: known.cause };
    if (known.kind === 'internal') log.error({ ...fields, ...known.data }, 'a request failed');
    else if (ERROR_STATUS[known.kind] >= 500) log.warn(fields, 'a request could not be answered');
    // An answer that has begun cannot be replaced; Express cuts the connection, so that nobody takes half for whole.
    if (response.headersSent) next(error);
    else sendProblem(response, { ...known.toProblem(), status: statusOf(error, known) });
  };
}
