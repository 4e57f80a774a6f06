import { AppError } from '@tradewind/shared/protocol/errors';
import { isUniqueViolation } from '../db/unique-violation.ts';

/**
 * Runs `work`, which writes a value that must be unique.
 *
 * @throws AppError `conflict` naming the field when the database refused the value because it exists already.
 */
export async function refuseTwins<T>(field: string, sentence: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', sentence, { errors: [{ path: field, message: 'is taken' }] });
  }
}
