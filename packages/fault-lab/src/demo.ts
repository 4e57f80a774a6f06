import { connectDemo, type DemoLogin } from './demo/connect.ts';
import { DeskClient } from './demo/desk-client.ts';
import { DeskFeed } from './demo/desk-feed.ts';
import { deskNames } from './demo/details.ts';
import { LiveChats } from './demo/live-chats.ts';
import { LiveShop } from './demo/live-shop.ts';
import { customers } from './demo/people.ts';
import { type PlannedChat, planChats } from './demo/plan-chats.ts';
import { type PlannedOrder, planOrders } from './demo/plan-orders.ts';
import { bouncingCustomers, planThreads, REFUSED_CUSTOMER, UNKNOWN_OUTCOME_CUSTOMER } from './demo/plan-threads.ts';
import { runPool } from './demo/run-pool.ts';
import { isChatPlayed, openVisitor, playChat } from './demo/seed-chats.ts';
import { seedOrders } from './demo/seed-orders.ts';
import { isPlayed, playThread } from './demo/seed-threads.ts';
import type { Stage } from './demo/stage.ts';
import { type FaultLab, startFaultLab } from './lab.ts';

export interface DemoOptions {
  /** The running server, `http://127.0.0.1:<port>`. */
  serverUrl: string;
  admin: { email: string; password: string };
  /** By default Mei, Sam and Layla of the demo, with the admin's password. */
  agents?: readonly DemoLogin[];
  /** Fixed sentences about what went wrong; never texts or addresses of mails. */
  log: (message: string) => void;
  onProgress?: (line: string) => void;
  /** 1 = a human pace; 10 = ten times as fast. */
  pace?: number;
  signal?: AbortSignal;
}

export interface RunningDemo {
  labUrl: string;
  close(): Promise<void>;
}

// A mail that the server did not take is offered again after 0.3 s, 0.3 s, 0.5 s, … instead of Mailgun's 10 minutes.
const RETRY_SCALE = 0.0005;
const THREADS_AT_ONCE = 40;

function defaultAgents(password: string): DemoLogin[] {
  return [
    { email: 'mei@demo.tradewind.example', name: deskNames[0], password },
    { email: 'sam@demo.tradewind.example', name: deskNames[1], password },
    { email: 'layla@demo.tradewind.example', name: deskNames[2], password },
  ];
}

function addressOf(key: string): string {
  return customers.find((customer) => customer.key === key)?.email ?? '';
}

/** The misfortunes that belong to the picture: dead mailboxes, a refused address, an answer of which nobody knows whether it arrived. */
function orderMisfortunes(lab: FaultLab): void {
  const { faults } = lab.mailgun;
  for (const key of bouncingCustomers) faults.add({ kind: 'bounce', recipient: addressOf(key), count: null });
  faults.add({ kind: 'answer-400', recipient: addressOf(REFUSED_CUSTOMER), count: null });
  const recipient = addressOf(UNKNOWN_OUTCOME_CUSTOMER);
  faults.add({ kind: 'reset-after-accept', recipient });
  for (const topic of ['accepted', 'delivered', 'opened']) faults.add({ kind: 'drop', recipient, topic });
}

/** Plays what is missing, chats and mails mixed, those first that take longest. */
async function seedConversations(
  stage: Stage,
  orders: readonly PlannedOrder[],
  options: DemoOptions,
  signal: AbortSignal,
): Promise<void> {
  const chats = planChats(orders)
    .filter((chat) => !isChatPlayed(stage, chat))
    .map((chat) => ({ key: chat.key, length: chat.steps.length, play: () => playChat(stage, chat, signal) }));
  const mails = planThreads(orders)
    .filter((thread) => !isPlayed(stage, thread))
    .map((thread) => ({ key: thread.key, length: thread.steps.length, play: () => playThread(stage, thread) }));
  const missing = [...chats, ...mails].toSorted((left, right) => right.length - left.length);
  let done = 0;
  await runPool(missing, THREADS_AT_ONCE, signal, async ({ key, play }) => {
    try {
      await play();
    } catch (error) {
      // One conversation less is no reason to have no demo.
      options.log(
        `conversation ${key} of the sample shop is incomplete: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    done += 1;
    if (done % 20 === 0) options.onProgress?.(`Filling the sample shop: ${done} of ${missing.length} conversations`);
  });
}

/** The language in which a visitor can go on talking. */
function spokenBy({ visitor: { customer } }: PlannedChat): 'en' | 'zh' | null {
  return customer.language === 'en' || customer.language === 'zh' ? customer.language : null;
}

async function fillAndRun(lab: FaultLab, options: DemoOptions): Promise<{ close(): void }> {
  const { serverUrl, admin: login, log } = options;
  const signal = options.signal ?? new AbortController().signal;
  lab.mailgun.settings.retryScale = RETRY_SCALE;
  lab.mailgun.settings.deliverAfterMs = 1_200;
  lab.shopify.settings.retryScale = RETRY_SCALE;
  lab.webChat.settings.readAfterMs = 0;
  const admin = await DeskClient.login(serverUrl, login.email, login.password);
  const connections = await connectDemo(lab, admin, serverUrl, options.agents ?? defaultAgents(login.password));
  const { agents, channels, teams, shop } = connections;
  const feed = new DeskFeed(admin, channels);
  await feed.pull();

  orderMisfortunes(lab);
  const orders = planOrders();
  const stage: Stage = { lab, feed, agents: [...agents, admin], channels, teams };
  await Promise.all([
    seedOrders(lab, orders, feed, connections, signal),
    seedConversations(stage, orders, options, signal),
  ]);
  for (const client of [admin, ...agents]) await client.logout();
  signal.throwIfAborted();

  const pace = options.pace ?? 1;
  const shared = { lab, orders, pace, seed: Date.now(), log };
  const mails = new LiveShop({ ...shared, channelId: channels.support, shop });
  const chats = new LiveChats({ ...shared, channelId: channels.chat });
  const stillHere = planChats(orders).filter((chat) => chat.ending === null && !chat.leavesEarly);
  mails.start();
  chats.start(stillHere.map((chat) => ({ visitor: openVisitor(stage, chat), language: spokenBy(chat) })));
  return {
    close: () => {
      mails.close();
      chats.close();
    },
  };
}

/**
 * Starts the lab beside a running server, fills its desk through the real paths, and keeps the sample shop alive.
 *
 * A second start finds what the first one made and adds only what is missing.
 *
 * @throws DeskError when the server refuses the login or the accounts.
 */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const lab = await startFaultLab();
  try {
    const live = await fillAndRun(lab, options);
    return {
      labUrl: lab.url,
      close: async () => {
        live.close();
        await lab.close();
      },
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}
