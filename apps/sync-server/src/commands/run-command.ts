import { createHash } from 'node:crypto';
import type { ApplyOutcome } from '@tradewind/shared/commands/definition';
import {
  applyCommand,
  type Command,
  commandSchema,
  commandTarget,
  isCommandType,
  isPersonalCommand,
} from '@tradewind/shared/commands/registry';
import {
  type CommandDoc,
  type CommandReason,
  type CommandResult,
  MAX_COMMAND_AGE_MS,
} from '@tradewind/shared/protocol/commands';
import { type AuditEntry, writeAudit } from '../audit/audit.ts';
import type { AuthAgent } from '../auth/scopes.ts';
import type { Tx } from '../db/database.ts';
import { writeConversations, writeMessages, writeReferences } from '../db/documents.ts';
import { toJsonText, toStorable } from '../db/json-text.ts';
import { runWrites } from '../db/writes.ts';
import { appendChanges, type ChangeEntry, headOf } from '../replication/change-log.ts';
import { checkAssignment } from './check-assignment.ts';
import type { CommandDeps } from './deps.ts';
import { queueEffects } from './effects.ts';
import { prepareOutgoing, writeTakenUploads } from './outgoing.ts';
import { runPersonal } from './run-personal.ts';
import { loadView } from './view.ts';

// The same command may come twice at once; the loser of the race looks again and finds the stored result.
const MAX_ATTEMPTS = 3;

/**
 * Carries out one command, at most once whatever is retried (R8): its result is stored in the transaction that has its
 * effects, and a repeated id gets that result. Never throws for what a caller can send.
 *
 * Crash points: before the commit nothing happened, and the console sends again; after it the stored result answers.
 *
 * @param given - as it came over the wire.
 * @throws only when the database is out of reach; the console tries again.
 */
export async function runCommand(deps: CommandDeps, agent: AuthAgent, given: unknown): Promise<CommandResult> {
  const input = toStorable(given);
  const id = idOf(input);
  if (id === null) {
    const errors = [
      { path: 'id', message: 'must be 8 to 64 letters, digits, "-" or "_" (a UUIDv7 made by the caller)' },
    ];
    return { id: '', status: 'rejected', seq: null, reason: { kind: 'invalid', errors } };
  }
  const parsed = parseCommand(input);
  const contentHash = hashOf(input);
  // Before the transaction, which must not wait for a second connection while it holds one.
  if (parsed.ok && parsed.command.type === 'start-conversation')
    await deps.accounts.find(parsed.command.channelAccountId);
  for (let attempt = 1; ; attempt++) {
    try {
      const { result, effects } = await deps.db
        .transaction()
        .execute((tx) => runOnce(deps, tx, agent, id, parsed, contentHash, typeOf(input)));
      if (result.seq !== null) deps.bus.announce(result.seq);
      if (effects) deps.wakeOutbound();
      deps.metrics.commandResults.inc({ type: parsed.ok ? parsed.command.type : 'invalid', status: result.status });
      return result;
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      const raced = code === '23505' || code === '40P01' || code === '40001';
      if (!raced || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

type Parsed = { ok: true; command: Command } | { ok: false; reason: CommandReason };

function idOf(input: unknown): string | null {
  const id = typeof input === 'object' && input !== null ? (input as { id?: unknown }).id : undefined;
  return typeof id === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(id) ? id : null;
}

function typeOf(input: unknown): string {
  const type = (input as { type?: unknown }).type;
  return isCommandType(type) ? type : 'unknown';
}

function parseCommand(input: unknown): Parsed {
  const type = (input as { type?: unknown }).type;
  if (!isCommandType(type)) return { ok: false, reason: { kind: 'unsupported', type: String(type).slice(0, 60) } };
  const parsed = commandSchema.safeParse(input);
  if (parsed.success) return { ok: true, command: parsed.data };
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  return { ok: false, reason: { kind: 'invalid', errors } };
}

/** Same content, same hash, whatever the order of keys. */
function hashOf(input: unknown): string {
  const canonical = JSON.stringify(input, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('base64url');
}

async function runOnce(
  deps: CommandDeps,
  tx: Tx,
  agent: AuthAgent,
  id: string,
  parsed: Parsed,
  contentHash: string,
  type: string,
): Promise<{ result: CommandResult; effects: boolean }> {
  const stored = await findStored(tx, id);
  if (stored) {
    const same = stored.agentId === agent.id && stored.contentHash === contentHash;
    const reused: CommandResult = { id, status: 'rejected', seq: null, reason: { kind: 'id-reused' } };
    return { result: same ? stored.result : reused, effects: false };
  }
  const now = deps.now();
  const decided = parsed.ok ? await decide(deps, tx, agent, parsed.command, now) : refuse(parsed.reason);
  const at = parsed.ok ? (parsed.command.at ?? now) : now;
  const result: CommandResult = { id, seq: null, ...decided.result };
  const doc: CommandDoc = { ...result, type, agentId: agent.id, at, receivedAt: now };
  await tx
    .insertInto('commands')
    .values({
      id,
      agent_id: agent.id,
      type,
      content_hash: contentHash,
      received_at: now,
      status: result.status,
      doc: toJsonText(doc),
    })
    .execute();
  await writeAudit(tx, {
    at: now,
    actor: `agent:${agent.id}`,
    action: `command.${type}`,
    target: decided.audit?.target ?? `command:${id}`,
    ...(decided.audit?.before ? { before: decided.audit.before } : {}),
    after: {
      commandId: id,
      outcome: result.status,
      ...(result.reason ? { reason: result.reason.kind } : {}),
      ...decided.audit?.after,
    },
  });
  // The command's own row comes last: its seq is the head of this commit, which is what `result.seq` promises.
  const entries: ChangeEntry[] = [...decided.entries, { collection: 'command', id, scopes: [`agent:${agent.id}`] }];
  const seq = headOf(await appendChanges(tx, entries, now));
  return { result: toResult(doc, seq), effects: decided.effects };
}

async function findStored(
  tx: Tx,
  id: string,
): Promise<{ agentId: string; contentHash: string; result: CommandResult } | null> {
  const row = await tx
    .selectFrom('commands as c')
    .leftJoin('change_log as l', (join) => join.onRef('l.id', '=', 'c.id').on('l.collection', '=', 'command'))
    .select(['c.agent_id', 'c.content_hash', 'c.doc', 'l.created_seq'])
    .where('c.id', '=', id)
    .executeTakeFirst();
  return row
    ? { agentId: row.agent_id, contentHash: row.content_hash, result: toResult(row.doc, row.created_seq) }
    : null;
}

/** The answer to a command as it was given the first time. */
export function toResult(doc: CommandDoc, seq: number | null): CommandResult {
  return {
    id: doc.id,
    status: doc.status,
    seq,
    ...(doc.messageId === undefined ? {} : { messageId: doc.messageId }),
    ...(doc.conversationId === undefined ? {} : { conversationId: doc.conversationId }),
    ...(doc.reason === undefined ? {} : { reason: doc.reason }),
  };
}

interface Decision {
  result: Pick<CommandResult, 'status' | 'messageId' | 'conversationId' | 'reason'>;
  entries: ChangeEntry[];
  effects: boolean;
  /** What the audit row says beyond who and when; refused commands name only themselves. */
  audit: Pick<AuditEntry, 'target' | 'before' | 'after'> | null;
}

function refuse(reason: CommandReason, status: 'rejected' | 'held' = 'rejected'): Decision {
  return { result: { status, reason }, entries: [], effects: false, audit: null };
}

async function decide(deps: CommandDeps, tx: Tx, agent: AuthAgent, command: Command, now: number): Promise<Decision> {
  if (command.at !== undefined && now - command.at > MAX_COMMAND_AGE_MS) {
    return refuse({ kind: 'too-old', at: command.at }, 'held');
  }
  const failedBefore = await findFailed(tx, command.after ?? []);
  if (failedBefore !== null) return refuse({ kind: 'after-failed', commandId: failedBefore });
  if (isPersonalCommand(command)) {
    const own = await runPersonal(tx, agent, command, now);
    if (!own.ok) return refuse(own.reason);
    return {
      result: { status: 'applied' },
      entries: own.entries,
      effects: false,
      audit: { target: `personal:${own.facts.personalId}`, after: { removed: own.facts.removed } },
    };
  }
  const loaded = await loadView(tx, command, agent);
  if ('kind' in loaded) return refuse(loaded);
  if (command.type === 'start-conversation' && !deps.accounts.get(command.channelAccountId)) {
    return refuse({ kind: 'not-found', what: 'channel' }); // out of service: nothing could be sent through it
  }
  if (command.type === 'assign') {
    const problem = await checkAssignment(tx, command, loaded.scopes);
    if (problem) return refuse(problem);
  }
  const outcome = applyCommand(loaded.view, command, { agentId: agent.id, nowMs: now });
  if (!outcome.ok) return refuse(outcome.reason);
  if (await isIdTaken(tx, command.id, outcome)) return refuse({ kind: 'id-reused' });
  const before = loaded.view.conversation;
  const docs = await prepareOutgoing(deps, tx, outcome, now);
  const { message } = docs;
  const references =
    message && message.externalId !== null
      ? [{ externalId: message.externalId, conversationId: message.conversationId }]
      : [];
  await runWrites(tx, [
    docs.conversation ? writeConversations([docs.conversation], now) : null,
    message ? writeMessages([message]) : null,
    message ? writeTakenUploads(message) : null,
    message ? writeReferences(message.channelAccountId, references) : null,
  ]);
  const effects = docs.message ? await queueEffects(tx, command, docs.message, now) : false;
  const conversationId = docs.conversation?.id ?? docs.message?.conversationId ?? commandTarget(command).conversationId;
  return {
    result: {
      status: 'applied',
      ...(docs.message ? { messageId: docs.message.id } : {}),
      ...(conversationId === null ? {} : { conversationId }),
    },
    entries: [
      ...docs.entries,
      ...(docs.conversation
        ? [{ collection: 'conversation' as const, id: docs.conversation.id, scopes: loaded.scopes }]
        : []),
      ...(docs.message ? [{ collection: 'message' as const, id: docs.message.id, scopes: loaded.scopes }] : []),
    ],
    effects,
    audit: {
      target: `conversation:${conversationId}`,
      ...(before ? { before: toAuditFacts(before) } : {}),
      after: {
        ...(docs.conversation ? toAuditFacts(docs.conversation) : {}),
        ...(docs.message ? { messageId: docs.message.id, messageStatus: docs.message.status } : {}),
      },
    },
  };
}

/**
 * Whether the documents a command makes, which get its id, would fall on ones that it did not make: somebody's message or
 * conversation. (A twin of the command on its way at the same moment is told apart by the key of `commands`.)
 */
async function isIdTaken(tx: Tx, id: string, made: Extract<ApplyOutcome, { ok: true }>): Promise<boolean> {
  const { conversation, message } = made;
  const tables = [
    ...(message?.id === id ? (['messages'] as const) : []),
    ...(conversation?.id === id ? (['conversations'] as const) : []),
  ];
  for (const table of tables) {
    if (await tx.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()) return true;
  }
  return false;
}

/** What an audit row keeps of a conversation: its state, never its words. */
function toAuditFacts(
  conversation: NonNullable<Extract<ApplyOutcome, { ok: true }>['conversation']>,
): Record<string, unknown> {
  const { status, assigneeId, teamId, tags, snoozedUntil } = conversation;
  return { status, assigneeId, teamId, tags, snoozedUntil };
}

/** The first of these commands that was not applied; one never received counts as not applied. */
async function findFailed(tx: Tx, ids: readonly string[]): Promise<string | null> {
  if (ids.length === 0) return null;
  const rows = await tx
    .selectFrom('commands')
    .select(['id', 'status'])
    .where('id', 'in', [...ids])
    .execute();
  const applied = new Set(rows.filter((row) => row.status === 'applied').map((row) => row.id));
  return ids.find((id) => !applied.has(id)) ?? null;
}
