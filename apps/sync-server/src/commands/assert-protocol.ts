import { AppError } from '@tradewind/shared/protocol/errors';
import { PROTOCOL_VERSION } from '@tradewind/shared/protocol/version';

/**
 * Commands of a version that this server does not know cannot be judged one by one: a field it does not know would be lost
 * in silence. Who names no version writes by this server's own description of its API.
 *
 * @param version - as the console names it: header `x-tradewind-protocol`, or `auth.protocol` of its socket.
 * @throws AppError `upgrade-required`: nothing of the batch is stored, and the console keeps it.
 */
export function assertProtocol(version: unknown): void {
  if (version === undefined) return;
  const number = Number(version);
  if (Number.isInteger(number) && number >= 1 && number <= PROTOCOL_VERSION) return;
  throw new AppError(
    'upgrade-required',
    `This server speaks protocol version ${PROTOCOL_VERSION} and those before: commands of another one cannot be taken.`,
    { data: { protocol: PROTOCOL_VERSION } },
  );
}
