import { createRandom } from '@tradewind/shared/testing/random';
import { findFitting, toDetails } from './details.ts';
import { type CustomerLanguage, customers, type DemoCustomer } from './people.ts';
import type { PlannedOrder } from './plan-orders.ts';
import { englishScenarios } from './texts/en.ts';
import { longChineseThreads, longEnglishThreads } from './texts/long-threads.ts';
import { otherScenarios } from './texts/other.ts';
import { type FileKind, fillIn, type Scenario } from './texts/scenario.ts';
import { chineseScenarios } from './texts/zh.ts';

export type ThreadStep =
  | { who: 'customer'; text: string; files: readonly FileKind[]; asHtml: boolean; withQuote: boolean }
  | { who: 'agent' | 'note'; agent: number; text: string };

export interface PlannedThread {
  key: string;
  customer: DemoCustomer;
  subject: string;
  steps: ThreadStep[];
  tags: readonly string[];
  /** Index of the agent it is assigned to, beyond what answering does by itself. */
  assignTo: number | null;
  ending: 'resolved' | 'snoozed' | null;
}

/** Mailboxes that do not exist any more: what is sent to them comes back. */
export const bouncingCustomers: readonly string[] = ['peter.novak', 'rosa.delgado', 'caohaitao'];
/** The connection breaks after the mail service has accepted the answer to this customer, and no report ever comes. */
export const UNKNOWN_OUTCOME_CUSTOMER = 'xieshanshan';

/** How far a conversation has come: read from it what the desk looks like in the morning. */
type Progress = 'new' | 'answered' | 'back' | 'whole';

function pickProgress(random: () => number): Progress {
  const draw = random();
  if (draw < 0.3) return 'new';
  if (draw < 0.52) return 'answered';
  return draw < 0.68 ? 'back' : 'whole';
}

function countTurns({ turns }: Scenario, progress: Progress): number {
  const firstAnswer = turns.findIndex(([who]) => who === 'a');
  if (progress === 'new') return 0;
  if (progress === 'answered') return firstAnswer + 1;
  if (progress === 'whole') return turns.length;
  const nextFromCustomer = turns.findIndex(([who], index) => who === 'c' && index > firstAnswer);
  return nextFromCustomer < 0 ? turns.length : nextFromCustomer + 1;
}

function planThread(
  key: string,
  scenario: Scenario,
  customer: DemoCustomer,
  orders: readonly PlannedOrder[],
  options: { seed: number; opening: number; progress: Progress | null },
): PlannedThread {
  const random = createRandom(options.seed);
  const agent = random() < 0.75 === (customer.language === 'zh') ? 0 : 1;
  const details = toDetails(customer, scenario, orders, random, agent);
  const isStopped = bouncingCustomers.includes(customer.key) || customer.key === UNKNOWN_OUTCOME_CUSTOMER;
  const progress = isStopped ? 'answered' : (options.progress ?? pickProgress(random));
  const fromCustomer = (text: string, files: readonly FileKind[], isFirst: boolean): ThreadStep => ({
    who: 'customer',
    text: fillIn(text, details),
    files,
    asHtml: random() < 0.35,
    withQuote: !isFirst && random() < 0.5,
  });
  const opening = scenario.openings[options.opening % scenario.openings.length] ?? scenario.openings[0];
  const steps = [
    fromCustomer(opening, scenario.files ?? [], true),
    ...scenario.turns.slice(0, countTurns(scenario, progress)).map(([who, text, ...files]): ThreadStep => {
      if (who === 'c') return fromCustomer(text, files, false);
      return { who: who === 'a' ? 'agent' : 'note', agent, text: fillIn(text, details) };
    }),
  ];
  return {
    key,
    customer,
    subject: fillIn(scenario.subject, details),
    steps,
    tags: random() < 0.7 ? scenario.tags : [],
    assignTo: progress === 'new' ? (random() < 0.2 ? agent : null) : random() < 0.8 ? agent : null,
    ending:
      progress === 'whole' && random() < 0.8
        ? 'resolved'
        : progress === 'answered' && !isStopped && random() < 0.2
          ? 'snoozed'
          : null,
  };
}

/** Takes turns: who wrote last comes last again; the first one who suits is taken, or the first. */
function takeTurn(writers: DemoCustomer[], suits: (customer: DemoCustomer) => boolean): DemoCustomer {
  const [writer] = writers.splice(Math.max(0, writers.findIndex(suits)), 1);
  if (!writer) throw new RangeError('nobody writes this language');
  writers.push(writer);
  return writer;
}

const SHORT_THREADS_PER_LANGUAGE = 35;

/** Eighty conversations, the long ones first because they take longest to play; the same ones on every start. */
export function planThreads(orders: readonly PlannedOrder[]): PlannedThread[] {
  const writersOf = (language: CustomerLanguage) => customers.filter((customer) => customer.language === language);
  const english = writersOf('en');
  const chinese = writersOf('zh');
  const threads: PlannedThread[] = [];
  const add = (scenario: Scenario, writers: DemoCustomer[], opening: number, progress: Progress | null) => {
    const seed = 100 + threads.length;
    const key = `t${String(threads.length).padStart(3, '0')}`;
    const customer = takeTurn(
      writers,
      (candidate) => !scenario.fits || findFitting(candidate, scenario, orders).length > 0,
    );
    threads.push(planThread(key, scenario, customer, orders, { seed, opening, progress }));
  };
  for (const scenario of longEnglishThreads) add(scenario, english, 0, 'whole');
  for (const scenario of longChineseThreads) add(scenario, chinese, 0, 'whole');
  for (const language of ['ja', 'ar', 'he'] as const) {
    const writers = writersOf(language);
    for (const progress of ['whole', 'new'] as const) add(otherScenarios[language], writers, 0, progress);
  }
  for (let round = 0; round < SHORT_THREADS_PER_LANGUAGE; round++) {
    const opening = Math.floor(round / englishScenarios.length);
    const [inEnglish, inChinese] = [englishScenarios, chineseScenarios].map((list) => list[round % list.length]);
    if (inEnglish) add(inEnglish, english, opening, null);
    if (inChinese) add(inChinese, chinese, opening, null);
  }
  return threads;
}
