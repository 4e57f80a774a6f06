import type { CommandDoc } from '@tradewind/shared/protocol/commands';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Fulfilment, Order, Refund } from '@tradewind/shared/schemas/order';
import type { Personal } from '@tradewind/shared/schemas/personal';
import type { Generated, JSONColumnType } from 'kysely';

/** Columns as Kysely sees them: `migrations/` is the truth. bigint columns are read as numbers (see `database.ts`). */
export interface Tables {
  desk: {
    one: Generated<boolean>;
    id: string;
    mode: 'demo' | 'desk';
    name: string;
    key_fingerprint: string;
    time_zone: Generated<string>;
    setup_code: string | null;
    public_url: string | null;
    log_folded_at: Generated<number>;
    restored_at: number | null;
    restored_head_seq: number | null;
    restored_head_at: number | null;
    created_at: number;
  };
  teams: { id: string; name: string; created_at: number };
  agents: {
    id: string;
    email: string;
    name: string;
    password_hash: string;
    role: 'admin' | 'agent';
    team_ids: Generated<string[]>;
    disabled: Generated<boolean>;
    access_version: Generated<number>;
    totp_secret: Buffer | null;
    totp_since: number | null;
    totp_last_step: number | null;
    recovery_hashes: Generated<Buffer[]>;
    created_at: number;
  };
  invites: {
    id: string;
    token_hash: Buffer;
    email: string;
    name: Generated<string>;
    role: 'admin' | 'agent';
    team_ids: Generated<string[]>;
    created_by: string;
    created_at: number;
    expires_at: number;
    accepted_at: number | null;
    revoked_at: number | null;
  };
  password_resets: { agent_id: string; token_hash: Buffer; created_at: number; expires_at: number };
  chat_visitors: {
    id: string;
    account_id: string;
    token_hash: Buffer | null;
    subject: string | null;
    created_at: number;
    last_seen_at: number;
  };
  chat_seen: { conversation_id: string; created_seq: number; at: number };
  agent_access: {
    agent_id: string;
    version: number;
    /** Null: the difference between this version and the next is not one of these. */
    scopes: string[] | null;
  };
  ended_sessions: { token_hash: Buffer; agent_id: string; reason: 'revoked' | 'disabled'; ended_at: number };
  sessions: {
    id: string;
    agent_id: string;
    token_hash: Buffer;
    user_agent: string;
    address: string;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
  };
  login_failures: { key: string; failures: number; first_at: number; blocked_until: Generated<number> };
  audit: {
    id: Generated<number>;
    at: number;
    actor: string;
    action: string;
    target: string;
    before: JSONColumnType<object> | null;
    after: JSONColumnType<object> | null;
  };
  accounts: {
    id: string;
    family: 'channel' | 'store';
    kind: string;
    name: string;
    address: Generated<string>;
    config: JSONColumnType<Record<string, unknown>>;
    secrets: Buffer;
    team_ids: Generated<string[]>;
    lane_no: Generated<number>;
    rejected: Generated<number>;
    last_rejected_at: number | null;
    last_rejected_reason: string | null;
    last_event_at: number | null;
    send_problem: string | null;
    send_problem_since: number | null;
    created_at: number;
  };
  inbound_events: {
    id: Generated<number>;
    account_id: string;
    topic: string;
    dedupe_key: string | null;
    path_suffix: string;
    headers: JSONColumnType<Record<string, string>>;
    body: Buffer | null;
    body_sha256: string | null;
    received_at: number;
  };
  inbound_states: {
    event_id: number;
    account_id: string;
    lane: number;
    state: 'pending' | 'processed' | 'duplicate' | 'ignored' | 'dead';
    reason: string | null;
    at: number;
  };
  used_tokens: { account_id: string; token: string; content_hash: Buffer; seen_at: number };
  processed_keys: { account_id: string; key: string; event_id: number };
  customers: { id: string; updated_at: number; doc: JSONColumnType<Customer> };
  identities: { kind: string; scope: string; value: string; customer_id: string };
  conversations: {
    id: string;
    customer_id: string;
    channel_account_id: string;
    status: string;
    assignee_id: string | null;
    team_id: string | null;
    last_message_at: number;
    snoozed_until: number | null;
    updated_at: number;
    doc: JSONColumnType<Conversation>;
  };
  messages: {
    id: string;
    conversation_id: string;
    channel_account_id: string;
    external_id: string | null;
    direction: string;
    kind: string;
    status: string;
    sent_at: number;
    doc: JSONColumnType<Message>;
  };
  thread_refs: { channel_account_id: string; external_id: string; conversation_id: string };
  orders: {
    id: string;
    store_id: string;
    external_id: string;
    number: string;
    customer_id: string | null;
    external_updated_at: number;
    deleted: Generated<boolean>;
    placed_at: number;
    doc: JSONColumnType<Order>;
  };
  order_parts: {
    store_id: string;
    order_external_id: string;
    kind: 'refund' | 'fulfilment' | 'deletion';
    external_id: string;
    updated_at: number;
    doc: JSONColumnType<Refund | Fulfilment | { externalId: string }>;
  };
  commands: {
    id: string;
    agent_id: string;
    type: string;
    content_hash: string;
    received_at: number;
    status: string;
    doc: JSONColumnType<CommandDoc>;
    seen_seq: number | null;
    input: JSONColumnType<object> | null;
    held_for: string | null;
  };
  personal: {
    id: string;
    agent_id: string;
    kind: string;
    updated_at: number;
    doc: JSONColumnType<Personal>;
  };
  effects: {
    key: string;
    kind: 'send-message' | 'fetch-attachment';
    account_id: string;
    message_id: string;
    conversation_id: string;
    ordinal: Generated<number>;
    state: 'queued' | 'attempting' | 'done' | 'failed' | 'unknown';
    attempts: Generated<number>;
    next_at: number;
    node: string | null;
    lease_until: number | null;
    external_id: string | null;
    answer: JSONColumnType<object> | null;
    created_at: number;
    updated_at: number;
  };
  files: { sha256: string; size_bytes: number; created_at: number };
  attachments: {
    id: string;
    sha256: string | null;
    name: string;
    content_type: string;
    size_bytes: number;
    conversation_id: string | null;
    uploaded_by: string | null;
    source_url: string | null;
    created_at: number;
  };
  change_log: {
    collection: string;
    id: string;
    scope_left: Generated<string>;
    seq: number;
    created_seq: number;
    scopes: string[];
    /** Of a conversation: the `seq` at which it got a scope, for those it did not always have. */
    gained: Generated<Record<string, number> | null>;
    deleted: Generated<boolean>;
    removed: Generated<boolean>;
    at: number;
  };
  commit_marks: { last_seq: number; first_seq: number; mark: string; at: number };
}
