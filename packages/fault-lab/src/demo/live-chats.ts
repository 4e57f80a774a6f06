import type { ChatConversation, ChatMessage } from '@tradewind/shared/chat/wire';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import type { FaultLab } from '../lab.ts';
import { Timers } from '../outgoing/timers.ts';
import type { Visitor, VisitorDraft } from '../web-chat/visitor.ts';
import { toDetails } from './details.ts';
import { writers } from './people.ts';
import { type PlannedOrder, shopCustomerId } from './plan-orders.ts';
import { liveChatAnswers, liveRatings, nudges } from './texts/answers.ts';
import { englishChats } from './texts/chats-en.ts';
import { chineseChats } from './texts/chats-zh.ts';
import { fillIn } from './texts/scenario.ts';

export interface LiveChatsOptions {
  lab: FaultLab;
  channelId: string;
  orders: readonly PlannedOrder[];
  /** 1 = as people are; 10 = ten times as fast. */
  pace: number;
  seed: number;
  log: (message: string) => void;
}

type Language = 'en' | 'zh';

export interface Regular {
  visitor: Visitor;
  /** Null for a language in which nothing is prepared: he reads, and says nothing more. */
  language: Language | null;
}

/** A talk as the visitor has it in mind. */
interface Talk {
  visitor: Visitor;
  language: Language;
  /** What he still has to say, one turn after the other. */
  turns: string[][];
  /** Counts what happened in it: whoever waits sees whether something came between. */
  events: number;
  isWaiting: boolean;
  answersLeft: number;
  /** What was written before he came is nothing new to him. */
  since: number;
}

const MOST_WAITING = 5;
const MOST_PRESENT = 60;
const PAUSE_MS = [60_000, 150_000] as const;
const PATIENCE_MS = [150_000, 300_000] as const;
const MOST_ANSWERS = 5;

/** Visitors of the website while the demo runs: they write, wait for an answer, answer it, and rate when it is over. */
export class LiveChats {
  #options: LiveChatsOptions;
  #random: () => number;
  #timers = new Timers();
  #talks = new Map<string, Talk>();

  constructor(options: LiveChatsOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
  }

  /** @param regulars - visitors who were in the middle of a talk when the demo was filled, or ended last time. */
  start(regulars: readonly Regular[] = []): void {
    const { webChat } = this.#options.lab;
    webChat.settings.deliveredAfterMs = 300 / this.#options.pace;
    webChat.settings.readAfterMs = 2_500 / this.#options.pace;
    webChat.onHeard = (visitor, message) => this.#hear(visitor, message);
    webChat.onConversation = (visitor, conversation) => this.#notice(visitor, conversation);
    for (const { visitor, language } of regulars) {
      const talk = this.#keep(visitor, language ?? 'en', []);
      talk.isWaiting = false;
      if (language === null) talk.answersLeft = 0;
    }
    void this.#run();
  }

  close(): void {
    const { webChat } = this.#options.lab;
    webChat.onHeard = null;
    webChat.onConversation = null;
    this.#timers.close();
  }

  #keep(visitor: Visitor, language: Language, turns: string[][]): Talk {
    const talk: Talk = {
      visitor,
      language,
      turns,
      events: 0,
      isWaiting: true,
      answersLeft: MOST_ANSWERS,
      since: Date.now(),
    };
    this.#talks.set(visitor.id, talk);
    return talk;
  }

  async #run(): Promise<void> {
    while (await this.#pause(PAUSE_MS)) {
      const waiting = [...this.#talks.values()].filter(({ isWaiting }) => isWaiting);
      if (waiting.length < MOST_WAITING && this.#talks.size < MOST_PRESENT) this.#comeIn();
    }
  }

  /** What goes wrong in a sample must not end the product it is a sample for. */
  #guard(visitor: Visitor, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (this.#timers.closed || visitor.isGone) return; // the end came in the middle of something
      this.#options.log(`a visitor missed his turn: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  #pause([shortestMs, longestMs]: readonly [number, number]): Promise<boolean> {
    return this.#timers.sleep((shortestMs + this.#random() * (longestMs - shortestMs)) / this.#options.pace);
  }

  #comeIn(): void {
    const { lab, channelId, orders } = this.#options;
    const customer = pick(
      this.#random,
      writers.filter(({ language }) => language === 'en' || language === 'zh'),
    );
    const language: Language = customer.language === 'zh' ? 'zh' : 'en';
    const scenario = pick(this.#random, language === 'zh' ? chineseChats : englishChats);
    const details = toDetails(customer, scenario, orders, this.#random, 0);
    const turns: string[][] = [];
    let isOpen = false;
    for (const [who, text] of scenario.turns) {
      if (who === 'n') continue;
      if (who === 'c') {
        if (!isOpen) turns.push([]);
        turns.at(-1)?.push(fillIn(text, details));
      }
      isOpen = who === 'c';
    }
    const draw = this.#random();
    const draft: VisitorDraft = { language: language === 'zh' ? 'zh-CN' : 'en' };
    if (draw < 0.4) {
      const { fullName: name, email, phone } = customer;
      draft.customer = { subject: String(shopCustomerId(customer)), name, email, phone };
    } else if (draw < 0.7) draft.profile = { name: customer.firstName, email: customer.email };
    const visitor = lab.webChat.open({ ...draft, accountId: channelId });
    const talk = this.#keep(visitor, language, turns);
    this.#guard(visitor, () => this.#speak(talk));
  }

  /** Types and sends what comes next; silent when something came between. */
  async #speak(talk: Talk): Promise<void> {
    const { visitor, language } = talk;
    const lines = talk.turns.shift() ?? [pick(this.#random, liveChatAnswers[language])];
    const { events } = talk;
    for (const line of lines) {
      await visitor.setTyping(true);
      const typingMs = Math.min(12_000, 1_200 + line.length * 90);
      if (!(await this.#pause([typingMs, typingMs * 1.4])) || talk.events !== events) return visitor.setTyping(false);
      await visitor.setTyping(false);
      await visitor.say(line);
    }
    talk.isWaiting = true;
    void this.#waitInVain(talk);
  }

  /** Nobody answers: one question whether anybody is there, then silence. */
  async #waitInVain(talk: Talk): Promise<void> {
    const { events } = talk;
    if (!(await this.#pause(PATIENCE_MS)) || talk.events !== events || !talk.isWaiting) return;
    this.#guard(talk.visitor, async () => {
      await talk.visitor.say(pick(this.#random, nudges[talk.language]));
    });
  }

  #hear(visitor: Visitor, { at }: ChatMessage): void {
    const talk = this.#talks.get(visitor.id);
    if (!talk || at < talk.since) return;
    talk.events += 1;
    talk.isWaiting = false;
    this.#guard(visitor, () => this.#answer(talk));
  }

  async #answer(talk: Talk): Promise<void> {
    const { events } = talk;
    if (!(await this.#pause([4_000, 16_000])) || talk.events !== events) return;
    if (talk.answersLeft <= 0 || (talk.turns.length === 0 && this.#random() < 0.15)) return;
    talk.answersLeft -= 1;
    await this.#speak(talk);
  }

  #notice(visitor: Visitor, { state, askRating }: ChatConversation): void {
    const talk = this.#talks.get(visitor.id);
    if (!talk || state !== 'resolved') return;
    talk.events += 1;
    talk.isWaiting = false;
    this.#talks.delete(visitor.id);
    this.#guard(visitor, async () => {
      if (askRating && this.#random() < 0.75 && (await this.#pause([8_000, 25_000]))) {
        if (visitor.conversation.askRating) await visitor.rate(...pick(this.#random, liveRatings[talk.language]));
      }
      if (await this.#pause([30_000, 60_000])) this.#options.lab.webChat.leave(visitor.id);
    });
  }
}
