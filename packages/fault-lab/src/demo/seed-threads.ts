import { createHash } from 'node:crypto';
import type { CommandInput } from '@tradewind/shared/commands/registry';
import { createUuidV7 } from '@tradewind/shared/ids';
import type { Message } from '@tradewind/shared/schemas/message';
import { createRandom } from '@tradewind/shared/testing/random';
import type { FaultLab } from '../lab.ts';
import type { DeskClient } from './desk-client.ts';
import type { DeskFeed } from './desk-feed.ts';
import type { PlannedThread, ThreadStep } from './plan-threads.ts';
import { writeMail } from './write-mail.ts';

export interface ThreadStage {
  lab: FaultLab;
  feed: DeskFeed;
  agents: readonly DeskClient[];
  channelId: string;
}

// Any fixed instant does: command ids must be the same on every start, and look like those that consoles make.
const ID_TIME_MS = Date.UTC(2026, 0, 1);

/** The same name gives the same id, so a seeding that was interrupted goes on where it stopped. */
function toCommandId(channelId: string, name: string): string {
  const digest = createHash('sha256').update(`${channelId}/${name}`).digest();
  return createUuidV7(ID_TIME_MS, (size) => digest.subarray(0, size));
}

function toMessageId({ key, customer }: PlannedThread, index: number): string {
  return `<${key}.${index}.${customer.key}@${customer.email.split('@')[1]}>`;
}

/** True when the last turn is on the desk already: an earlier start has played it all. */
export function isPlayed({ feed, channelId }: ThreadStage, thread: PlannedThread): boolean {
  const last = thread.steps.length - 1;
  if (thread.steps[last]?.who === 'customer') return feed.findMail(toMessageId(thread, last)) !== undefined;
  return feed.messages.has(toCommandId(channelId, `${thread.key}.${last}`));
}

/** Where a thread stands while it is played. */
interface ThreadState {
  conversationId: string;
  newest: Message;
  lastAnswer: Message | null;
  references: string[];
}

async function playCustomer(
  stage: ThreadStage,
  thread: PlannedThread,
  index: number,
  step: Extract<ThreadStep, { who: 'customer' }>,
  state: ThreadState | null,
): Promise<Message> {
  const { customer } = thread;
  const messageId = toMessageId(thread, index);
  const existing = stage.feed.findMail(messageId);
  if (existing) return existing;
  const answered = state?.lastAnswer ?? null;
  const draft = writeMail({
    customer,
    subject: state === null ? thread.subject : `Re: ${thread.subject}`,
    text: step.text,
    files: step.files,
    asHtml: step.asHtml,
    quoted: step.withQuote && answered ? { text: answered.text, at: answered.sentAt } : null,
    random: createRandom(index),
  });
  const threading = state === null ? {} : { inReplyTo: state.references.at(-1), references: state.references };
  await stage.lab.mailgun.postInbound({ ...draft, ...threading, messageId }, { accountId: stage.channelId }).finished;
  return stage.feed.waitFor(`the mail ${messageId}`, () => stage.feed.findMail(messageId));
}

async function runCommand(stage: ThreadStage, agent: number, command: CommandInput): Promise<void> {
  const client = stage.agents[agent % stage.agents.length];
  if (!client) throw new RangeError('the demo needs at least one agent');
  const result = await client.command(command);
  if (result.status !== 'applied')
    throw new Error(`the command ${command.type} was ${result.status} (${result.reason?.kind ?? 'no reason'})`);
}

async function playAgent(
  stage: ThreadStage,
  thread: PlannedThread,
  index: number,
  step: Extract<ThreadStep, { agent: number }>,
  state: ThreadState,
): Promise<Message> {
  const id = toCommandId(stage.channelId, `${thread.key}.${index}`);
  const { feed } = stage;
  if (!feed.messages.has(id)) {
    const { conversationId } = state;
    await runCommand(
      stage,
      step.agent,
      step.who === 'note'
        ? { id, type: 'note', conversationId, text: step.text }
        : { id, type: 'reply', conversationId, text: step.text, seenMessageId: state.newest.id },
    );
  }
  return feed.waitFor(`the ${step.who} ${id}`, () => feed.messages.get(id));
}

async function finishThread(stage: ThreadStage, thread: PlannedThread, { conversationId }: ThreadState): Promise<void> {
  const agent = thread.assignTo ?? 0;
  const base = (name: string) => ({ id: toCommandId(stage.channelId, `${thread.key}.${name}`), conversationId });
  const agentId = stage.agents[agent % stage.agents.length]?.agentId;
  if (thread.tags.length > 0) await runCommand(stage, agent, { ...base('tag'), type: 'tag', add: [...thread.tags] });
  if (thread.assignTo !== null && agentId)
    await runCommand(stage, agent, { ...base('assign'), type: 'assign', agentId });
  if (thread.ending === 'resolved')
    await runCommand(stage, agent, { ...base('status'), type: 'set-status', status: 'resolved' });
  if (thread.ending === 'snoozed') {
    const snoozedUntil = Date.now() + 26 * 3_600_000;
    await runCommand(stage, agent, { ...base('status'), type: 'set-status', status: 'snoozed', snoozedUntil });
  }
}

/** Plays one conversation through the real paths: signed mails in, commands of the agents. What is there already is left alone. */
export async function playThread(stage: ThreadStage, thread: PlannedThread): Promise<void> {
  let state = null as ThreadState | null;
  for (const [index, step] of thread.steps.entries()) {
    const message: Message = await (step.who === 'customer'
      ? playCustomer(stage, thread, index, step, state)
      : playAgent(stage, thread, index, step, requireState(state)));
    state = {
      conversationId: message.conversationId,
      newest: message,
      lastAnswer: step.who === 'agent' ? message : (state?.lastAnswer ?? null),
      references: [...(state?.references ?? []), ...(message.externalId === null ? [] : [message.externalId])],
    };
  }
  await finishThread(stage, thread, requireState(state));
}

function requireState(state: ThreadState | null): ThreadState {
  if (!state) throw new RangeError('a thread begins with the customer');
  return state;
}
