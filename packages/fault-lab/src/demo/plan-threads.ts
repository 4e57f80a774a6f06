import { createRandom } from '@tradewind/shared/testing/random';
import { findColleague, findFitting, type Matter, toDetails, toFiles } from './details.ts';
import { type CustomerLanguage, type DemoCustomer, writers } from './people.ts';
import type { PlannedOrder } from './plan-orders.ts';
import { englishScenarios } from './texts/en.ts';
import { longChineseThreads, longEnglishThreads } from './texts/long-threads.ts';
import { otherScenarios } from './texts/other.ts';
import { type FileKind, fillIn, type Scenario } from './texts/scenario.ts';
import { chineseScenarios } from './texts/zh.ts';

export type CustomerStep = {
  who: 'customer';
  text: string;
  files: readonly FileKind[];
  asHtml: boolean;
  withQuote: boolean;
};
/** `agent` and `mentions` are indexes of agents. */
export type AgentStep =
  | { who: 'agent'; agent: number; text: string; files: readonly FileKind[] }
  | { who: 'note'; agent: number; text: string; mentions: readonly number[] };
export type ThreadStep = CustomerStep | AgentStep;

/** The mail accounts of the shop: one for everybody, one for its own team alone. */
export type Mailbox = 'support' | 'wholesale';

/** What is done with a conversation besides writing. */
export interface Outcome {
  tags: readonly string[];
  /** Index of the agent it is assigned to, beyond what answering does by itself. */
  assignTo: number | null;
  team: 'care' | 'wholesale' | null;
  ending: 'resolved' | 'snoozed' | null;
}

export interface PlannedThread extends Outcome {
  key: string;
  mailbox: Mailbox;
  customer: DemoCustomer;
  subject: string;
  steps: ThreadStep[];
}

/** Mailboxes that do not exist any more: what is sent to them comes back. */
export const bouncingCustomers: readonly string[] = ['peter.novak', 'rosa.delgado', 'caohaitao'];
/** The connection breaks after the mail service has accepted the answer to this customer, and no report ever comes. */
export const UNKNOWN_OUTCOME_CUSTOMER = 'xieshanshan';
/** The mail service refuses this one's address. */
export const REFUSED_CUSTOMER = 'elif.yilmaz';
const unreachable = new Set([...bouncingCustomers, UNKNOWN_OUTCOME_CUSTOMER, REFUSED_CUSTOMER]);
const WHOLESALE_TAGS = new Set(['business', '企业采购']);

/** How far a conversation has come: read from it what the desk looks like in the morning. */
export type Progress = 'new' | 'answered' | 'back' | 'whole';

function pickProgress(random: () => number): Progress {
  const draw = random();
  if (draw < 0.3) return 'new';
  if (draw < 0.52) return 'answered';
  return draw < 0.68 ? 'back' : 'whole';
}

export function countTurns({ turns }: Pick<Scenario, 'turns'>, progress: Progress): number {
  const firstAnswer = turns.findIndex(([who]) => who === 'a');
  if (progress === 'new') return 0;
  if (progress === 'answered') return firstAnswer + 1;
  if (progress === 'whole') return turns.length;
  const nextFromCustomer = turns.findIndex(([who], index) => who === 'c' && index > firstAnswer);
  return nextFromCustomer < 0 ? turns.length : nextFromCustomer + 1;
}

/** Who answers: Mei mostly the Chinese ones, Sam and Layla the others; Layla reads Arabic and Hebrew and sells no wholesale. */
export function pickAgent(language: CustomerLanguage, mailbox: Mailbox | 'chat', random: () => number): number {
  const draw = random();
  if (language === 'zh') return draw < 0.75 ? 0 : 1;
  if (mailbox === 'wholesale') return draw < 0.75 ? 1 : 0;
  if (language === 'ar' || language === 'he') return 2;
  return draw < 0.5 ? 1 : draw < 0.8 ? 2 : 0;
}

/** A note that asks a colleague mentions him. */
export function toAgentStep(who: 'a' | 'n', agent: number, text: string, files: readonly FileKind[]): AgentStep {
  if (who === 'a') return { who: 'agent', agent, text, files };
  return { who: 'note', agent, text, mentions: text.includes('@') ? [findColleague(agent)] : [] };
}

function planThread(
  key: string,
  scenario: Scenario,
  customer: DemoCustomer,
  orders: readonly PlannedOrder[],
  options: { seed: number; opening: number; progress: Progress | null },
): PlannedThread {
  const random = createRandom(options.seed);
  const mailbox: Mailbox = scenario.tags.some((tag) => WHOLESALE_TAGS.has(tag)) ? 'wholesale' : 'support';
  const agent = pickAgent(customer.language, mailbox, random);
  const details = toDetails(customer, scenario, orders, random, agent);
  const isStopped = unreachable.has(customer.key);
  const progress = isStopped ? 'answered' : (options.progress ?? pickProgress(random));
  const fromCustomer = (text: string, files: readonly FileKind[], isFirst: boolean): ThreadStep => ({
    who: 'customer',
    text: fillIn(text, details),
    files: toFiles(files, details),
    asHtml: random() < 0.35,
    withQuote: !isFirst && random() < 0.5,
  });
  const opening = scenario.openings[options.opening % scenario.openings.length] ?? scenario.openings[0];
  const steps = [
    fromCustomer(opening, scenario.files ?? [], true),
    ...scenario.turns.slice(0, countTurns(scenario, progress)).map(([who, text, ...files]): ThreadStep => {
      if (who === 'c') return fromCustomer(text, files, false);
      return toAgentStep(who, agent, fillIn(text, details), files);
    }),
  ];
  return {
    key,
    mailbox,
    customer,
    subject: fillIn(scenario.subject, details),
    steps,
    tags: random() < 0.7 ? scenario.tags : [],
    team: mailbox === 'wholesale' ? 'wholesale' : null,
    assignTo: progress === 'new' ? (random() < 0.2 ? agent : null) : random() < 0.8 ? agent : null,
    ending:
      progress === 'whole' && random() < 0.8
        ? 'resolved'
        : progress === 'answered' && !isStopped && random() < 0.2
          ? 'snoozed'
          : null,
  };
}

/**
 * Takes turns: who wrote last comes last again. Of those whose turn is near, the first one with an order that the matter
 * can be about is taken; else the first of all who has bought such a thing, or the first. Nobody has one matter twice.
 */
export function takeTurn(
  people: DemoCustomer[],
  matter: Matter,
  orders: readonly PlannedOrder[],
  hadIt: Set<DemoCustomer>,
): DemoCustomer {
  const near = people.slice(0, Math.ceil(people.length / 2));
  const hasOrder = (wanted: Matter) => (person: DemoCustomer) =>
    !hadIt.has(person) && findFitting(person, wanted, orders).length > 0;
  const place = matter.fits || matter.when ? near.findIndex(hasOrder(matter)) : 0;
  const anywhere = matter.fits ? people.findIndex(hasOrder({ fits: matter.fits })) : 0;
  const [writer] = people.splice(place >= 0 ? place : Math.max(0, anywhere), 1);
  if (!writer) throw new RangeError('nobody writes this language');
  people.push(writer);
  hadIt.add(writer);
  return writer;
}

/** Who has written about each matter. */
export function createMemory(): (matter: Matter) => Set<DemoCustomer> {
  const memory = new Map<Matter, Set<DemoCustomer>>();
  return (matter) => {
    const had = memory.get(matter) ?? new Set();
    memory.set(matter, had);
    return had;
  };
}

const SHORT_THREADS_PER_LANGUAGE = 35;

/** Eighty conversations, the long ones first because they take longest to play; the same ones on every start. */
export function planThreads(orders: readonly PlannedOrder[]): PlannedThread[] {
  const writersOf = (language: CustomerLanguage) => writers.filter((customer) => customer.language === language);
  const english = writersOf('en');
  const chinese = writersOf('zh');
  const threads: PlannedThread[] = [];
  const remember = createMemory();
  const add = (scenario: Scenario, people: DemoCustomer[], opening: number, progress: Progress | null) => {
    const seed = 100 + threads.length;
    const key = `t${String(threads.length).padStart(3, '0')}`;
    const customer = takeTurn(people, scenario, orders, remember(scenario));
    threads.push(planThread(key, scenario, customer, orders, { seed, opening, progress }));
  };
  for (const scenario of longEnglishThreads) add(scenario, english, 0, 'whole');
  for (const scenario of longChineseThreads) add(scenario, chinese, 0, 'whole');
  for (const language of ['ja', 'ar', 'he'] as const) {
    const people = writersOf(language);
    for (const progress of ['whole', 'new'] as const) add(otherScenarios[language], people, 0, progress);
  }
  for (let round = 0; round < SHORT_THREADS_PER_LANGUAGE; round++) {
    const opening = Math.floor(round / englishScenarios.length);
    const [inEnglish, inChinese] = [englishScenarios, chineseScenarios].map((list) => list[round % list.length]);
    if (inEnglish) add(inEnglish, english, opening, null);
    if (inChinese) add(inChinese, chinese, opening, null);
  }
  return threads;
}
