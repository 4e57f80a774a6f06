/** What a login can come to, in terms of what the agent can do about it. */
export type LoginOutcome =
  | { kind: 'ok' }
  | { kind: 'wrong' }
  | { kind: 'limited'; retryAfterMs: number }
  | { kind: 'offline' }
  | { kind: 'failed'; detail: string };
