export interface IdentityKey {
  kind: 'email' | 'phone' | 'external';
  scope: string;
  value: string;
}

export function identityId(key: IdentityKey): string {
  return `${key.kind}\n${key.scope}\n${key.value}`;
}

/** What a batch will need, gathered from its parsed events before anything is read. */
export interface Wanted {
  keys: Set<string>;
  identities: Map<string, IdentityKey>;
  /** External ids of messages that may exist, and Message-Ids of threads they may belong to. */
  messageIds: Set<string>;
  threadIds: Set<string>;
  /** External ids. */
  orders: Set<string>;
  /** Ids of files uploaded before the message that names them. */
  uploads: Set<string>;
}

export function createWanted(): Wanted {
  return {
    keys: new Set(),
    identities: new Map(),
    messageIds: new Set(),
    threadIds: new Set(),
    orders: new Set(),
    uploads: new Set(),
  };
}

/** By what a visitor of a chat is known to the account that hosts it. */
export function visitorKey(accountId: string, visitor: string): IdentityKey {
  return { kind: 'external', scope: accountId, value: visitor };
}
