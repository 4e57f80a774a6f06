import { createRandom, pick } from '@tradewind/shared/testing/random';
import { toDetails, toFiles } from './details.ts';
import { type CustomerLanguage, type DemoCustomer, writers } from './people.ts';
import type { PlannedOrder } from './plan-orders.ts';
import {
  countTurns,
  createMemory,
  type Outcome,
  type Progress,
  pickAgent,
  type ThreadStep,
  takeTurn,
  toAgentStep,
} from './plan-threads.ts';
import { cafeChat } from './texts/chat-cafe.ts';
import type { ChatScenario } from './texts/chat-script.ts';
import { englishChats, rightToLeftChats } from './texts/chats-en.ts';
import { chineseChats } from './texts/chats-zh.ts';
import { fillIn } from './texts/scenario.ts';

/** How the desk knows a visitor: not at all, by what was typed, or because he has signed in on the shop's site. */
export type VisitorKind = 'anonymous' | 'typed' | 'signed-in';

export interface PlannedChat extends Outcome {
  key: string;
  visitor: {
    kind: VisitorKind;
    /** Who he is, whether the desk knows it or not: the texts are about his orders. */
    customer: DemoCustomer;
    typed: { name: string; email: string };
    page: string;
  };
  steps: ThreadStep[];
  rating: readonly [score: number, comment: string] | null;
  /** Gone before the last answer came: it was neither delivered nor read. */
  leavesEarly: boolean;
}

const pages = [
  '/',
  '/collections/new',
  '/products/linen-shirt',
  '/products/ceramic-teapot',
  '/cart',
  '/pages/shipping',
];

// What people call themselves when a form asks, instead of what stands in the plan.
const nicknames: Readonly<Record<'en' | 'zh', readonly string[]>> = {
  en: ['J.', '🌸 Lily 🌸', 'maxi-king-of-the-north-and-all-the-islands-beyond-the-seven-seas', 'Anna (3rd floor)'],
  zh: ['小鹿 🦌', '匿名用户', '阿布爱喝茶'],
};

/** Who chats is mostly still there when the answer comes; a matter with an opinion at its end has mostly come to it. */
function pickChatProgress({ rating }: ChatScenario, random: () => number): Progress {
  const draw = random();
  if (draw < (rating ? 0.7 : 0.35)) return 'whole';
  if (draw < 0.8) return 'back';
  return draw < 0.9 ? 'answered' : 'new';
}

function pickName({ language, fullName }: DemoCustomer, random: () => number): string {
  const names = nicknames[language === 'zh' ? 'zh' : 'en'];
  return language !== 'ar' && random() < 0.4 ? pick(random, names) : fullName;
}

/** Who answers keeps it mostly; one in ten goes to the person who runs the desk. */
function pickAssignee(agent: number, seed: number, { goesOn }: ChatScenario, random: () => number): number | null {
  if (goesOn) return agent;
  if (seed % 10 === 0) return 3;
  return random() < 0.85 ? agent : null;
}

function planChat(
  key: string,
  scenario: ChatScenario,
  customer: DemoCustomer,
  orders: readonly PlannedOrder[],
  options: { seed: number; kind: VisitorKind; progress: Progress | null },
): PlannedChat {
  const random = createRandom(options.seed);
  const agent = pickAgent(customer.language, 'chat', random);
  const details = toDetails(customer, scenario, orders, random, agent);
  const progress = options.progress ?? pickChatProgress(scenario, random);
  // A visitor writes several lines before anybody answers.
  const opening = scenario.turns.findIndex(([who]) => who !== 'c');
  const until =
    opening < 0 || progress === 'whole' ? scenario.turns.length : Math.max(opening, countTurns(scenario, progress));
  const steps = scenario.turns.slice(0, until).map(([who, text, ...files]): ThreadStep => {
    const filled = fillIn(text, details);
    if (who === 'c')
      return { who: 'customer', text: filled, files: toFiles(files, details), asHtml: false, withQuote: false };
    return toAgentStep(who, agent, filled, files);
  });
  const isOver = progress === 'whole' && steps.some(({ who }) => who === 'agent') && !scenario.goesOn;
  return {
    key,
    visitor: {
      kind: options.kind,
      customer,
      typed: {
        name: scenario.goesOn ? customer.fullName : pickName(customer, random),
        email: scenario.goesOn || random() < 0.6 ? customer.email : '',
      },
      page: `https://www.tradewind.example${customer.language === 'zh' ? '/zh' : ''}${pages[options.seed % pages.length]}`,
    },
    steps,
    tags: scenario.goesOn || (random() < 0.7 && progress !== 'new') ? scenario.tags : [],
    assignTo: progress === 'new' ? null : pickAssignee(agent, options.seed, scenario, random),
    team: random() < 0.35 ? 'care' : null,
    ending: isOver ? 'resolved' : progress === 'answered' && random() < 0.2 ? 'snoozed' : null,
    rating: isOver ? (scenario.rating ?? null) : null,
    leavesEarly: progress === 'answered' && random() < 0.4,
  };
}

const ROUNDS = 17;
const kinds: readonly VisitorKind[] = ['signed-in', 'anonymous', 'typed'];

/** Forty talks in the website chat, the one that goes on for days first; the same ones on every start. */
export function planChats(orders: readonly PlannedOrder[]): PlannedChat[] {
  // The others' turn comes first here: few write mails and chat on one day.
  const peopleOf = (language: CustomerLanguage) =>
    writers.filter((person) => person.language === language).toReversed();
  const [english, chinese] = [peopleOf('en'), peopleOf('zh')];
  const chats: PlannedChat[] = [];
  const remember = createMemory();
  const add = (scenario: ChatScenario, people: DemoCustomer[], kind: VisitorKind, progress: Progress | null) => {
    const key = `c${String(chats.length).padStart(3, '0')}`;
    const customer = takeTurn(people, scenario, orders, remember(scenario));
    chats.push(planChat(key, scenario, customer, orders, { seed: 500 + chats.length, kind, progress }));
  };
  add(cafeChat, english, 'typed', 'whole');
  for (const language of ['ar', 'he'] as const) {
    const people = peopleOf(language);
    for (const [index, scenario] of rightToLeftChats[language].entries())
      add(scenario, people, index === 0 ? 'signed-in' : 'typed', index === 0 ? 'back' : 'whole');
  }
  for (let round = 0; round < ROUNDS; round++) {
    const [inEnglish, inChinese] = [englishChats, chineseChats].map((list) => list[round % list.length]);
    if (inEnglish) add(inEnglish, english, kinds[round % 3] ?? 'anonymous', null);
    if (inChinese) add(inChinese, chinese, kinds[(round + 1) % 3] ?? 'anonymous', null);
  }
  return chats;
}
