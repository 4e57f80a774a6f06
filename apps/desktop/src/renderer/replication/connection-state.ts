/**
 * `starting`: opening the store · `syncing`: pulling, not at the head yet · `online`: at the head, live frames arrive, and
 * `historyPercent` of the history is here while the rest is still coming ·
 * `offline`: no contact, trying again · `locked`: the session ended (401); replica and queue are kept until the same
 * agent logs in again · `outdated`: the server refused our protocol version (426).
 */
export type ConnectionState =
  | { kind: 'starting' }
  | { kind: 'syncing'; received: number }
  | { kind: 'online'; historyPercent?: number }
  | { kind: 'offline'; sinceMs: number; reason: string }
  | { kind: 'locked' }
  | { kind: 'outdated' };
