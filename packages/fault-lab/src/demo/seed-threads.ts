import type { Message } from '@tradewind/shared/schemas/message';
import { createRandom } from '@tradewind/shared/testing/random';
import type { AgentStep, CustomerStep, PlannedThread } from './plan-threads.ts';
import { finishThread, playAgent, type Stage, toCommandId } from './stage.ts';
import { writeMail } from './write-mail.ts';

function toMessageId({ key, customer }: PlannedThread, index: number): string {
  return `<${key}.${index}.${customer.key}@${customer.email.split('@')[1]}>`;
}

/** True when the last turn is on the desk already: an earlier start has played it all. */
export function isPlayed(stage: Stage, thread: PlannedThread): boolean {
  const last = thread.steps.length - 1;
  if (thread.steps[last]?.who === 'customer') return stage.feed.findMail(toMessageId(thread, last)) !== undefined;
  return stage.feed.messages.has(toCommandId(stage, `${thread.key}.${last}`));
}

/** Where a thread stands while it is played. */
interface ThreadState {
  conversationId: string;
  newest: Message;
  lastAnswer: Message | null;
  references: string[];
}

async function playCustomer(
  stage: Stage,
  thread: PlannedThread,
  index: number,
  step: CustomerStep,
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
  const accountId = stage.channels[thread.mailbox];
  await stage.lab.mailgun.postInbound({ ...draft, ...threading, messageId }, { accountId }).finished;
  return stage.feed.waitFor(`the mail ${messageId}`, () => stage.feed.findMail(messageId));
}

async function writeAsAgent(
  stage: Stage,
  thread: PlannedThread,
  index: number,
  step: AgentStep,
  { conversationId, newest }: ThreadState,
): Promise<Message> {
  const id = await playAgent(stage, `${thread.key}.${index}`, step, { conversationId, newestId: newest.id });
  return stage.feed.waitFor(`the ${step.who} ${id}`, () => stage.feed.messages.get(id));
}

/** Plays one conversation through the real paths: signed mails in, commands of the agents. What is there already is left alone. */
export async function playThread(stage: Stage, thread: PlannedThread): Promise<void> {
  let state = null as ThreadState | null;
  for (const [index, step] of thread.steps.entries()) {
    const message: Message = await (step.who === 'customer'
      ? playCustomer(stage, thread, index, step, state)
      : writeAsAgent(stage, thread, index, step, requireState(state)));
    state = {
      conversationId: message.conversationId,
      newest: message,
      lastAnswer: step.who === 'agent' ? message : (state?.lastAnswer ?? null),
      references: [...(state?.references ?? []), ...(message.externalId === null ? [] : [message.externalId])],
    };
  }
  await finishThread(stage, thread.key, thread, requireState(state).conversationId);
}

function requireState(state: ThreadState | null): ThreadState {
  if (!state) throw new RangeError('a thread begins with the customer');
  return state;
}
