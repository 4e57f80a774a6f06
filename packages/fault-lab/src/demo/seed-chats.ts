import { createRandom } from '@tradewind/shared/testing/random';
import type { Visitor } from '../web-chat/visitor.ts';
import { buildFile } from './files.ts';
import type { DemoCustomer } from './people.ts';
import type { PlannedChat } from './plan-chats.ts';
import { shopCustomerId } from './plan-orders.ts';
import type { CustomerStep } from './plan-threads.ts';
import { finishThread, playAgent, type Stage, toCommandId, toVisitorToken } from './stage.ts';

// What one visitor may write in a short time is limited, as it should be. Somebody with more to say writes the rest in the
// shop's app, whose backend hands it on.
const MOST_IN_THE_BROWSER = 20;
const LONGEST_TALK_MS = 120_000;

function toClientId(chat: PlannedChat, index: number): string {
  return `demo-${chat.key}-${String(index).padStart(3, '0')}`;
}

/** True when the last turn is on the desk already: an earlier start has played it all. */
export function isChatPlayed(stage: Stage, chat: PlannedChat): boolean {
  const last = chat.steps.length - 1;
  if (chat.steps[last]?.who === 'customer') return stage.feed.findFromVisitor(toClientId(chat, last)) !== undefined;
  return stage.feed.messages.has(toCommandId(stage, `${chat.key}.${last}`));
}

function signIn({ fullName: name, email, phone }: DemoCustomer, subject: string) {
  return { subject, name, email, phone };
}

/** The visitor comes to the site, in the same browser as on every start of the demo. */
export function openVisitor(stage: Stage, { key, visitor }: PlannedChat): Visitor {
  const { kind, customer, typed, page } = visitor;
  return stage.lab.webChat.open({
    accountId: stage.channels.chat,
    token: toVisitorToken(stage, key),
    language: customer.language === 'zh' ? 'zh-CN' : 'en',
    page,
    ...(kind === 'signed-in' ? { customer: signIn(customer, String(shopCustomerId(customer))) } : {}),
    ...(kind === 'typed' ? { profile: typed } : {}),
  });
}

/** Where a talk stands while it is played. */
interface TalkState {
  visitor: Visitor;
  /** The visitor's id at the desk, by which the shop's backend knows him too; null before his first line. */
  visitorId: string | null;
  conversationId: string;
  newestId: string;
  /** The agents' last answer. */
  answerId: string | null;
  said: number;
}

interface Line {
  clientId: string;
  step: CustomerStep;
  random: () => number;
}

async function sayInBrowser(chat: PlannedChat, lines: readonly Line[], visitor: Visitor): Promise<void> {
  const isChinese = chat.visitor.customer.language === 'zh';
  for (const { clientId, step, random } of lines) {
    const files = step.files.map((kind) => buildFile(kind, isChinese, random));
    await visitor.say(step.text, { id: clientId, files });
  }
}

/** The visitor says some lines, one after the other, without waiting for an answer. */
async function say(stage: Stage, chat: PlannedChat, lines: readonly Line[], state: TalkState): Promise<void> {
  const missing = lines.filter(({ clientId }) => stage.feed.findFromVisitor(clientId) === undefined);
  const hasFiles = missing.some(({ step }) => step.files.length > 0);
  if (state.visitorId === null || hasFiles || state.said < MOST_IN_THE_BROWSER) {
    await sayInBrowser(chat, missing, state.visitor);
  } else if (missing.length > 0) {
    const events = missing.map(({ clientId, step }) => ({ type: 'message', id: clientId, text: step.text }));
    await stage.lab.webChat.relay({ visitor: state.visitorId, events }, stage.channels.chat).finished;
  }
  const clientId = lines.at(-1)?.clientId ?? '';
  const newest = await stage.feed.waitFor(`the chat message ${clientId}`, () => stage.feed.findFromVisitor(clientId));
  state.visitorId = newest.externalId?.split('/')[0] ?? null;
  state.conversationId = newest.conversationId;
  state.newestId = newest.id;
  state.said += lines.length;
}

/** He has read the answers before he goes on or leaves. */
async function read(stage: Stage, { visitor, answerId }: TalkState): Promise<void> {
  if (answerId === null || visitor.isGone) return;
  await stage.feed.waitFor('the answer in the browser', () => (visitor.messages.has(answerId) ? true : undefined));
  await visitor.hasReported();
}

async function rate(stage: Stage, { rating }: PlannedChat, visitor: Visitor): Promise<void> {
  if (!rating) return;
  const mayRate = () => (visitor.conversation.askRating ? true : undefined);
  await stage.feed.waitFor('the wish for a rating', mayRate);
  await visitor.rate(...rating);
}

async function playSteps(stage: Stage, chat: PlannedChat, state: TalkState): Promise<void> {
  let lines: Line[] = [];
  for (const [index, step] of chat.steps.entries()) {
    if (step.who === 'customer') {
      lines.push({ clientId: toClientId(chat, index), step, random: createRandom(index) });
      if (chat.steps[index + 1]?.who === 'customer') continue;
      await say(stage, chat, lines, state);
      lines = [];
    } else {
      if (chat.leavesEarly && index === chat.steps.length - 1) state.visitor.close();
      state.newestId = await playAgent(stage, `${chat.key}.${index}`, step, state);
      if (step.who === 'agent') state.answerId = state.newestId;
    }
  }
}

/**
 * Plays one talk through the real paths: a visitor's browser, and commands of the agents. What is there already is left
 * alone.
 *
 * @throws LabError when the server does not let the visitor in, or the signal ends it.
 */
export async function playChat(stage: Stage, chat: PlannedChat, signal: AbortSignal): Promise<void> {
  const visitor = openVisitor(stage, chat);
  // A visitor waits for his server as long as it takes; a start does not.
  const enough = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_TALK_MS)]);
  const leave = () => visitor.close();
  enough.addEventListener('abort', leave);
  const state: TalkState = { visitor, visitorId: null, conversationId: '', newestId: '', answerId: null, said: 0 };
  try {
    await playSteps(stage, chat, state);
    await read(stage, state);
    await finishThread(stage, chat.key, chat, state.conversationId);
    await rate(stage, chat, visitor);
  } finally {
    enough.removeEventListener('abort', leave);
    stage.lab.webChat.leave(visitor.id);
  }
}
