import { AppError } from '@tradewind/shared/protocol/errors';

/**
 * The rule that a schema for the password alone cannot check. (Its length is the schema's: `http/routes/people-fields.ts`.)
 *
 * @throws AppError `bad-input` naming `password` when it is the agent's own mail address.
 */
export function assertPasswordAllowed(password: string, email: string): void {
  if (fold(password) !== fold(email)) return;
  throw new AppError('bad-input', 'The password is too easy to guess.', {
    errors: [{ path: 'password', message: 'must not be the mail address' }],
  });
}

function fold(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
