import { pick } from '../../packages/shared/src/testing/random.ts';
import type { StageAccount } from '../cast/stage.ts';
import { chatCall, mailCall, reportCall, shopCall } from '../cast/webhooks.ts';
import type { GivenEvent } from '../model/witness.ts';
import type { Simulation } from '../simulation.ts';
import type { StepKind } from './step-kind.ts';

const WRITERS = 14;
const VISITORS = 5;
const ORDERS = 12;

type Draft = Omit<GivenEvent, 'accepted' | 'statuses'>;

/** The platform posts it and hears the answer, or does not. */
function post(sim: Simulation, draft: Draft): void {
  const event: GivenEvent = { ...draft, accepted: false, statuses: [] };
  sim.witness.events.push(event);
  send(sim, event);
}

function send(sim: Simulation, event: GivenEvent): void {
  sim.witness.counts.inbound += 1;
  // Whether it was accepted is seen where the answer leaves (checks/watch.ts); a lost answer is the platform's loss.
  void sim.world.network.call(null, event.call).catch(() => undefined);
}

function mailAccounts(sim: Simulation): StageAccount[] {
  return sim.stage.facts.accounts.filter(({ kind }) => kind === 'mailgun');
}

function accountOf(sim: Simulation, kind: StageAccount['kind']): StageAccount {
  const account = sim.stage.facts.accounts.find((one) => one.kind === kind);
  if (!account) throw new Error(`the stage has no ${kind} account`);
  return account;
}

function token(random: () => number): string {
  return Array.from({ length: 50 }, () => Math.floor(random() * 16).toString(16)).join('');
}

function postMail(sim: Simulation, random: () => number, account: StageAccount, references: readonly string[]): void {
  const { witness, world } = sim;
  const number = witness.events.length + 1;
  const sender = `writer-${Math.floor(random() * WRITERS)}@example.com`;
  const externalId = `<mail-${number}@example.com>`;
  const text = `in-${number} of ${sender}`;
  const mail = { messageId: externalId, from: sender, subject: `Question ${number}`, text, references };
  const call = mailCall(account, mail, world.clock.nowMs, token(random));
  post(sim, { kind: 'mail', accountId: account.id, externalId, sender, text, updatedAt: 0, call });
}

export const inboundKinds: Readonly<Record<string, StepKind>> = {
  mail: {
    times: 50,
    perform: (sim, random) => postMail(sim, random, pick(random, mailAccounts(sim)), []),
  },
  /** Answers a mail or one of our replies; not always by who was meant. */
  'mail-answer': {
    times: 45,
    perform: (sim, random) => {
      const account = pick(random, mailAccounts(sim));
      const known = sim.witness.events.filter(({ kind, accountId }) => kind === 'mail' && accountId === account.id);
      const ours = sim.world.platforms.sent.map(({ externalId }) => externalId);
      const named =
        random() < 0.5 && ours.length > 0 ? pick(random, ours) : known.at(-Math.ceil(random() * 9))?.externalId;
      postMail(sim, random, account, named === undefined ? [] : [named]);
    },
  },
  chat: {
    times: 45,
    perform: (sim, random) => {
      const { witness, world } = sim;
      const account = accountOf(sim, 'web-chat');
      const number = witness.events.length + 1;
      const visitor = `visitor-${Math.floor(random() * VISITORS)}`;
      const text = `in-${number} of ${visitor}`;
      const id = `chat-message-${number}`;
      const call = chatCall(account, visitor, { type: 'message', id, text, at: world.clock.nowMs }, world.clock.nowMs);
      post(sim, {
        kind: 'chat',
        accountId: account.id,
        externalId: `${visitor}/${id}`,
        sender: visitor,
        text,
        updatedAt: 0,
        call,
      });
    },
  },
  order: {
    times: 45,
    perform: (sim, random) => {
      const { witness } = sim;
      const account = accountOf(sim, 'shopify');
      const number = witness.events.length + 1;
      const id = 5_500_000_000_000 + Math.floor(random() * ORDERS);
      // Versions arrive in any order.
      const updatedAt = sim.world.clock.nowMs - Math.floor(random() * 60_000);
      const sender = `writer-${id % WRITERS}@example.com`;
      const payload = {
        id,
        name: `#${id % 1000}`,
        currency: pick(random, ['JPY', 'EUR', 'KWD']),
        total_price: String(1 + Math.floor(random() * 900)),
        email: sender,
        created_at: new Date(1_799_000_000_000).toISOString(),
        updated_at: new Date(updatedAt).toISOString(),
        financial_status: pick(random, ['pending', 'paid']),
        note: `version ${number}`,
      };
      const call = shopCall(account, 'orders/updated', payload, `event-${number}`);
      post(sim, {
        kind: 'order',
        accountId: account.id,
        externalId: String(id),
        sender,
        text: payload.note,
        updatedAt,
        call,
      });
    },
  },
  report: {
    times: 20,
    perform: (sim, random) => {
      const { witness, world } = sim;
      if (world.platforms.sent.length === 0) return postMail(sim, random, pick(random, mailAccounts(sim)), []);
      const mail = pick(random, world.platforms.sent);
      const number = witness.events.length + 1;
      const account = pick(random, mailAccounts(sim));
      const event = pick(random, ['delivered', 'opened', 'accepted'] as const);
      const report = { event, messageId: mail.externalId, recipient: mail.to, id: `report-${number}` };
      const call = reportCall(account, report, world.clock.nowMs, token(random));
      post(sim, {
        kind: 'report',
        accountId: account.id,
        externalId: mail.externalId,
        sender: mail.to,
        text: event,
        updatedAt: 0,
        call,
      });
    },
  },
  /** The platform has not heard of the answer, or believes so. */
  repetition: {
    times: 25,
    perform: (sim, random) => {
      const { events } = sim.witness;
      const again = events.at(-Math.ceil(random() * 30));
      if (again) send(sim, again);
    },
  },
  unreadable: {
    times: 4,
    perform: (sim, random) => {
      const account = accountOf(sim, 'shopify');
      const number = sim.witness.events.length + 1;
      const id = 5_500_000_000_000 + Math.floor(random() * ORDERS);
      const call = shopCall(account, 'orders/updated', { id, currency: 'no currency' }, `event-${number}`);
      post(sim, {
        kind: 'unreadable',
        accountId: account.id,
        externalId: `${id}`,
        sender: '',
        text: '',
        updatedAt: 0,
        call,
      });
    },
  },
  forged: {
    times: 6,
    perform: (sim, random) => {
      const account = pick(random, mailAccounts(sim));
      const number = sim.witness.events.length + 1;
      const externalId = `<forged-${number}@example.com>`;
      const mail = { messageId: externalId, from: 'writer-1@example.com', subject: '', text: 'forged', references: [] };
      const good = mailCall(account, mail, sim.world.clock.nowMs, token(random));
      const body = Buffer.from(String(good.body).replace(/signature=[0-9a-f]{8}/, 'signature=00000000'));
      const draft = { accountId: account.id, externalId, sender: '', text: 'forged', updatedAt: 0 };
      post(sim, { kind: 'forged', ...draft, call: { ...good, body } });
    },
  },
};
