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
import { writeAudit } from '../audit/audit.ts';
import type { AuthAgent } from '../auth/scopes.ts';
import type { Tx } from '../db/database.ts';
import { writeConversations, writeMessages, writeReferences } from '../db/documents.ts';
import { toJsonText, toStorable } from '../db/json-text.ts';
import { runWrites } from '../db/writes.ts';
import { appendChanges, type ChangeEntry, headOf } from '../replication/change-log.ts';
import { HeldAnswers } from './answer-held.ts';
import { checkAssignment } from './check-assignment.ts';
import { checkSeen } from './check-seen.ts';
import { type Decision, heldForOf, refuse } from './decision.ts';
import type { CommandDeps } from './deps.ts';
import { discardHeld } from './discard-held.ts';
import { queueEffects } from './effects.ts';
import { findBlock } from './find-block.ts';
import { lockConfirmed } from './held-command.ts';
import { prepareOutgoing, writeTakenUploads } from './outgoing.ts';
import { actedAt, isRestored, recordRestoredEffect, refuseRestored, toRestoredDocs } from './restored.ts';
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
  // What a console saw become of a command is no part of it: told again after a restore, it is the same command.
  const contentHash = hashOf({ ...(input as object), restored: undefined });
  // Before the transaction, which must not wait for a second connection while it holds one.
  if (parsed.ok && parsed.command.type === 'start-conversation')
    await deps.accounts.find(parsed.command.channelAccountId);
  for (let attempt = 1; ; attempt++) {
    try {
      const { result, effects } = await deps.db
        .transaction()
        .execute((tx) => runOnce(deps, tx, agent, { id, input, parsed, contentHash, type: typeOf(input) }));
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

interface Received {
  id: string;
  /** As it came; kept where the command is held. */
  input: unknown;
  parsed: Parsed;
  contentHash: string;
  type: string;
}

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
  { id, input, parsed, contentHash, type }: Received,
): Promise<{ result: CommandResult; effects: boolean }> {
  const stored = await findStored(tx, id);
  if (stored) {
    const same = stored.agentId === agent.id && stored.contentHash === contentHash;
    const reused: CommandResult = { id, status: 'rejected', seq: null, reason: { kind: 'id-reused' } };
    return { result: same ? stored.result : reused, effects: false };
  }
  const now = deps.now();
  const decided = parsed.ok ? await decide(deps, tx, agent, parsed.command, now, false) : refuse(parsed.reason);
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
      seen_seq: decided.seenSeq,
      input: result.status === 'held' ? toJsonText(input) : null,
      held_for: heldForOf(result),
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
  const answers = new HeldAnswers(tx, agent.id, now, (command) => decide(deps, tx, agent, command, now, true));
  await answers.follow(id, decided);
  // The command's own row comes last: its seq is the head of this commit, which is what `result.seq` promises.
  const own: ChangeEntry = { collection: 'command', id, scopes: [`agent:${agent.id}`] };
  const seq = headOf(await appendChanges(tx, [...decided.entries, ...answers.entries, own], now));
  return { result: toResult(doc, seq), effects: decided.effects || answers.effects };
}

async function findStored(
  tx: Tx,
  id: string,
): Promise<{ agentId: string; contentHash: string; result: CommandResult } | null> {
  const row = await tx
    .selectFrom('commands as c')
    .leftJoin('change_log as l', (join) => join.onRef('l.id', '=', 'c.id').on('l.collection', '=', 'command'))
    .select(['c.agent_id', 'c.content_hash', 'c.doc', 'l.seq'])
    .where('c.id', '=', id)
    .executeTakeFirst();
  return row ? { agentId: row.agent_id, contentHash: row.content_hash, result: toResult(row.doc, row.seq) } : null;
}

/** The answer to a command: the first one, or what became of it since where it was held. */
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

/** @param hasWaited - the command was held in time and is carried out now: its age decides nothing. */
async function decide(
  deps: CommandDeps,
  tx: Tx,
  agent: AuthAgent,
  command: Command,
  now: number,
  hasWaited: boolean,
): Promise<Decision> {
  const { conversationId: named } = commandTarget(command);
  const isTimely = hasWaited || command.type === 'discard' || isRestored(command);
  if (command.at !== undefined && now - command.at > MAX_COMMAND_AGE_MS && !isTimely) {
    return refuse({ kind: 'too-old', at: command.at }, { status: 'held', conversationId: named });
  }
  const block = await findBlock(tx, agent.id, command.after ?? []);
  if (block?.kind === 'after-held') return refuse(block, { status: 'held', conversationId: named });
  if (block) return refuse(block);
  if (command.type === 'discard') return discardHeld(tx, agent.id, command);
  if (isPersonalCommand(command)) return runPersonal(tx, agent, command, now);
  const loaded = await loadView(tx, command, agent);
  if ('kind' in loaded) return refuse(loaded);
  if (command.type === 'start-conversation' && !deps.accounts.get(command.channelAccountId)) {
    return refuse({ kind: 'not-found', what: 'channel' }); // out of service: nothing could be sent through it
  }
  if (command.type === 'assign') {
    const problem = await checkAssignment(tx, command);
    if (problem) return refuse(problem);
  }
  const outcome = applyCommand(loaded, command, { agentId: agent.id, nowMs: actedAt(command, now) });
  if (!outcome.ok) return refuse(outcome.reason);
  if (await isIdTaken(tx, command.id, outcome)) return refuse({ kind: 'id-reused' });
  const untold = await refuseRestored(tx, command, outcome.message);
  if (untold) return refuse(untold);
  const held = command.confirms === undefined ? null : await lockConfirmed(tx, agent.id, command, command.confirms);
  if (held !== null && 'kind' in held) return refuse(held);
  // What was sent in the history that a restore replaced cannot be held any more.
  const { seenSeq, problem } = isRestored(command)
    ? { seenSeq: null, problem: null }
    : await checkSeen(tx, command, loaded.conversation, agent.id, now);
  if (problem?.kind === 'unseen') {
    return refuse(problem, { status: 'held', conversationId: named, seenSeq, answers: held && { held, how: 'send' } });
  }
  if (problem) return refuse(problem);
  const before = loaded.conversation;
  const prepared = await prepareOutgoing(deps, tx, outcome, now);
  const docs = toRestoredDocs(command, prepared);
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
  if (docs !== prepared && docs.message) await recordRestoredEffect(tx, command, docs.message, now);
  const conversationId = docs.conversation?.id ?? docs.message?.conversationId ?? commandTarget(command).conversationId;
  return {
    result: {
      status: 'applied',
      ...(docs.message ? { messageId: docs.message.id } : {}),
      ...(conversationId === null ? {} : { conversationId }),
    },
    entries: [
      ...docs.entries,
      ...(docs.conversation ? [{ collection: 'conversation' as const, id: docs.conversation.id, scopes: null }] : []),
      ...(docs.message ? [{ collection: 'message' as const, id: docs.message.id, scopes: null }] : []),
    ],
    effects,
    audit: {
      target: `conversation:${conversationId}`,
      ...(before ? { before: toAuditFacts(before) } : {}),
      after: {
        ...(docs.conversation ? toAuditFacts(docs.conversation) : {}),
        ...(docs.message ? { messageId: docs.message.id, messageStatus: docs.message.status } : {}),
        ...(held ? { confirms: held.id } : {}),
        ...(command.restored ? { restored: command.restored.status } : {}),
      },
    },
    seenSeq,
    answers: held && { held, how: 'send' },
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
