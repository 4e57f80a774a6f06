import { AppError } from '@tradewind/shared/protocol/errors';
import type { Logger } from 'pino';

/** Why a socket is not let in, in the form Socket.IO hands to the client's `connect_error`: as `data`. */
export function toHandshakeError(error: unknown, log: Logger): Error {
  const known =
    error instanceof AppError ? error : new AppError('unavailable', 'The server cannot take connections now.');
  if (!(error instanceof AppError)) log.warn({ event: 'socket.handshake-failed', err: error }, 'a handshake failed');
  return Object.assign(new Error(known.message), { data: known.toProblem() });
}
