// PostgreSQL's `unique_violation`.
const UNIQUE_VIOLATION = '23505';

/** True when the database refused a row because a unique value of it exists already. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}
