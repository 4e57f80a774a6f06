import type { Message } from '@tradewind/shared/schemas/message';
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

/** Says one line; @returns the visitor's id at the desk, by which the shop's backend knows him too. */
async function say(
  stage: Stage,
  chat: PlannedChat,
  index: number,
  step: CustomerStep,
  { visitor, visitorId, said }: { visitor: Visitor; visitorId: string | null; said: number },
): Promise<Message> {
  const clientId = toClientId(chat, index);
  const existing = stage.feed.findFromVisitor(clientId);
  if (existing) return existing;
  const isChinese = chat.visitor.customer.language === 'zh';
  const files = step.files.map((kind) => buildFile(kind, isChinese, createRandom(index)));
  if (visitorId === null || files.length > 0 || said < MOST_IN_THE_BROWSER) {
    await visitor.say(step.text, { id: clientId, files });
  } else {
    const events = [{ type: 'message', id: clientId, text: step.text }];
    await stage.lab.webChat.relay({ visitor: visitorId, events }, stage.channels.chat).finished;
  }
  return stage.feed.waitFor(`the chat message ${clientId}`, () => stage.feed.findFromVisitor(clientId));
}

async function rate(stage: Stage, { rating }: PlannedChat, visitor: Visitor): Promise<void> {
  if (!rating) return;
  const mayRate = () => (visitor.conversation.askRating ? true : undefined);
  await stage.feed.waitFor('the wish for a rating', mayRate);
  await visitor.rate(...rating);
}

/** Plays one talk through the real paths: a visitor's browser, and commands of the agents. What is there already is left alone. */
export async function playChat(stage: Stage, chat: PlannedChat): Promise<void> {
  const visitor = openVisitor(stage, chat);
  try {
    let newest = null as Message | null;
    let visitorId = null as string | null;
    let said = 0;
    for (const [index, step] of chat.steps.entries()) {
      if (step.who === 'customer') {
        newest = await say(stage, chat, index, step, { visitor, visitorId, said });
        visitorId = newest.externalId?.split('/')[0] ?? null;
        said += 1;
      } else if (newest) {
        if (chat.leavesEarly && index === chat.steps.length - 1) visitor.close();
        const { conversationId } = newest;
        newest = await playAgent(stage, `${chat.key}.${index}`, step, { conversationId, newest });
      }
    }
    if (!newest) throw new RangeError('a talk begins with the visitor');
    await finishThread(stage, chat.key, chat, newest.conversationId);
    await rate(stage, chat, visitor);
  } finally {
    stage.lab.webChat.leave(visitor.id);
  }
}
