export interface Credentials {
  email: string;
  password: string;
  /** Of the authenticator app, or one of the recovery codes; asked for where the account has them. */
  code?: string;
}

/** What a login can come to, in terms of what the agent can do about it. */
export type LoginOutcome =
  | { kind: 'ok' }
  /** With a code: the code or the password; without: address or password. */
  | { kind: 'wrong' }
  /** The password is right and a code is asked for, or the one given is not. */
  | { kind: 'code' }
  | { kind: 'limited'; retryAfterMs: number }
  | { kind: 'offline' }
  /** No network, and the server has been silent for so long that only it can let anybody in. */
  | { kind: 'silent' }
  | { kind: 'failed'; detail: string };

export type LogIn = (credentials: Credentials) => Promise<LoginOutcome>;
