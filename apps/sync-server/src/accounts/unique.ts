import { AppError } from '@tradewind/shared/protocol/errors';

// PostgreSQL's `unique_violation`.
const UNIQUE_VIOLATION = '23505';

/**
 * Runs `work`, which writes a value that must be unique.
 *
 * @throws AppError `conflict` naming the field when the database refused the value because it exists already.
 */
export async function refuseTwins<T>(field: string, sentence: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)) throw error;
    throw new AppError('conflict', sentence, { errors: [{ path: field, message: 'is taken' }] });
  }
}
