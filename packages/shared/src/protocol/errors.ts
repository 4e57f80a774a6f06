/** Every way a request can fail that crosses a boundary. `type` of the problem document is `urn:tradewind:{kind}`. */
export const ERROR_STATUS = {
  'bad-input': 400,
  'bad-signature': 401,
  unauthenticated: 401,
  /** The password is right; a code of the authenticator app or a recovery code is needed too. */
  'code-required': 401,
  forbidden: 403,
  replayed: 403,
  stale: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'access-changed': 409,
  conflict: 409,
  resync: 410,
  'too-large': 413,
  'unsupported-media-type': 415,
  'upgrade-required': 426,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
} as const;
export type ErrorKind = keyof typeof ERROR_STATUS;

export interface FieldError {
  path: string;
  message: string;
}

/** Body of every error answer (`application/problem+json`, RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: FieldError[];
  retryAfterMs?: number;
  /** Present on `internal`: the same id stands in the log. */
  errorId?: string;
  [extra: string]: unknown;
}

/** The one error class that crosses boundaries inside the server; edges translate it by `kind`. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    kind: ErrorKind,
    message: string,
    options: { errors?: FieldError[]; retryAfterMs?: number; data?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.errors = options.errors;
    this.retryAfterMs = options.retryAfterMs;
    this.data = options.data ?? {};
  }

  toProblem(): Problem {
    return {
      type: `urn:tradewind:${this.kind}`,
      title: this.message,
      status: ERROR_STATUS[this.kind],
      ...(this.errors ? { errors: this.errors } : {}),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      ...this.data,
    };
  }
}
