import type { ChatAccepted, ChatAttachment, ChatProblem } from '@tradewind/shared/chat/wire';
import { type LabContext, LabError } from '../context.ts';
import type { Fault, FaultKind, FaultPlan } from '../outgoing/faults.ts';
import { createHex } from '../outgoing/random-ids.ts';
import type { WebChatAccount } from './account.ts';
import type { Tab } from './tab.ts';

export interface ChatFile {
  name: string;
  contentType: string;
  content: Buffer;
}

export interface SayOptions {
  /** The widget's id of the message; the same one again is the same message. */
  id?: string | undefined;
  files?: readonly ChatFile[] | undefined;
  /** How many times the same message goes out at once, over all tabs in turn. */
  times?: number | undefined;
}

/** A message of the visitor on its way. */
export interface OutgoingMessage {
  id: string;
  text: string;
  files: readonly ChatFile[];
  attachmentIds: string[];
  times: number;
  attempts: number;
  settle: { resolve(accepted: ChatAccepted): void; reject(error: Error): void };
}

/** Whose uplink it is. */
export interface UplinkOwner {
  readonly id: string;
  readonly name: string;
  readonly tabs: readonly Tab[];
  readonly isGone: boolean;
  goOffline(durationMs?: number): void;
}

/** What an uplink needs of the lab. */
export interface UplinkWorld {
  context: LabContext;
  account: WebChatAccount;
  faults: FaultPlan;
  /** Told of everything the server refused. */
  note(error: unknown): void;
}

export const ACK_TIMEOUT_MS = 5_000;
const LOOK_AGAIN_MS = 50;

export function isProblem(answer: object): answer is ChatProblem {
  return 'problem' in answer;
}

/**
 * What a visitor says on its way to the server, with everything that can go wrong there: it waits in a queue until it has
 * been taken, and goes out again under its id after every cut.
 */
export class Uplink {
  #owner: UplinkOwner;
  #world: UplinkWorld;
  #queue: OutgoingMessage[] = [];
  #sending: Promise<void> | null = null;

  constructor(owner: UplinkOwner, world: UplinkWorld) {
    this.#owner = owner;
    this.#world = world;
  }

  /** What the server has not taken yet, oldest first. */
  get waiting(): readonly OutgoingMessage[] {
    return this.#queue;
  }

  say(text: string, options: SayOptions): Promise<ChatAccepted> {
    const id = options.id ?? createHex(this.#world.context.random, 24);
    return new Promise((resolve, reject) => {
      this.#queue.push({
        id,
        text,
        files: options.files ?? [],
        attachmentIds: [],
        times: options.times ?? 1,
        attempts: 0,
        settle: { resolve, reject },
      });
      this.#sending ??= this.#sendQueue();
    });
  }

  /** Asks until there is an answer. A wait that the server asks for is kept; another refusal is the end. */
  async ask<T extends object>(topic: string, work: (tab: Tab) => Promise<T | ChatProblem>): Promise<T> {
    const fault = await this.#meetFault(topic);
    if (fault?.kind === 'drop') await this.#rest(LOOK_AGAIN_MS);
    for (;;) {
      const tab = await this.#readyTab(0);
      const answers = fault?.kind === 'duplicate' ? [work(tab), work(tab)] : [work(tab)];
      const [answer] = await Promise.all(answers).catch(() => []); // no answer in time, or the line broke: again
      if (answer === undefined) continue;
      if (!isProblem(answer)) return answer;
      await this.#waitOrThrow(answer);
    }
  }

  async #waitOrThrow({ problem }: ChatProblem): Promise<void> {
    if (problem.retryAfterMs === undefined) {
      const details = (problem.errors ?? []).map(({ path, message }) => `${path} ${message}`);
      throw new LabError([problem.title, ...details].join('; '));
    }
    this.#world.note(new Error(problem.title));
    await this.#rest(problem.retryAfterMs);
  }

  /** Says something that is not answered; under a `drop` fault it is lost on the way. */
  async tell(topic: string, work: (tab: Tab) => void): Promise<void> {
    const fault = await this.#meetFault(topic);
    if (fault?.kind !== 'drop') work(await this.#readyTab(0));
  }

  /** Hands a file to the server, as the widget does before it sends the message. */
  async upload(file: ChatFile): Promise<ChatAttachment> {
    const { account } = this.#world;
    for (;;) {
      const tab = await this.#readyTab(0);
      const response = await fetch(`${account.serverUrl}/chat/files`, {
        method: 'POST',
        headers: {
          origin: account.origin,
          'x-chat-key': tab.uploadKey ?? '',
          'x-file-name': encodeURIComponent(file.name),
          'content-type': file.contentType,
        },
        body: new Uint8Array(file.content),
      });
      if (response.ok) return (await response.json()) as ChatAttachment;
      const retryAfterS = Number(response.headers.get('retry-after'));
      if (response.status !== 429 || !(retryAfterS > 0))
        throw new LabError(`the server did not take the file: ${response.status} ${await response.text()}`);
      await this.#rest(retryAfterS * 1_000);
    }
  }

  close(): void {
    for (const line of this.#queue.splice(0)) line.settle.reject(new LabError('the visitor has left'));
  }

  /** Faults of the way out: whoever is offline goes so here, what is late waits here. */
  async #meetFault(topic: string): Promise<Fault | null> {
    const kinds: FaultKind[] = ['offline', 'delay', 'drop', 'duplicate'];
    if (topic === 'message') kinds.push('cut-before-send', 'cut-before-ack', 'cut-after-ack');
    const fault = this.#world.faults.take(kinds, { topic, recipients: [this.#owner.id, this.#owner.name] });
    if (fault?.kind === 'offline') this.#owner.goOffline(fault.delayMs ?? 3_000);
    if (fault?.kind === 'delay') await this.#world.context.timers.sleep(fault.delayMs ?? 1_000);
    return fault;
  }

  /** @throws LabError when the visitor leaves meanwhile. */
  async #rest(durationMs: number): Promise<void> {
    const isAwake = await this.#world.context.timers.sleep(durationMs);
    if (!isAwake || this.#owner.isGone) throw new LabError('the visitor has left');
  }

  /** A tab that is welcomed; waits for one as long as it takes. */
  async #readyTab(turn: number): Promise<Tab> {
    for (;;) {
      const ready = this.#owner.tabs.filter((tab) => tab.isReady);
      const tab = ready[turn % Math.max(1, ready.length)];
      if (tab) return tab;
      await this.#rest(LOOK_AGAIN_MS);
    }
  }

  async #sendQueue(): Promise<void> {
    for (let line = this.#queue[0]; line !== undefined; line = this.#queue[0]) {
      try {
        line.settle.resolve(await this.#send(line));
      } catch (error) {
        this.#world.note(error);
        line.settle.reject(error instanceof Error ? error : new Error(String(error)));
      }
      this.#queue.shift();
    }
    this.#sending = null;
  }

  async #send(line: OutgoingMessage): Promise<ChatAccepted> {
    for (;;) {
      const answer = await this.#attempt(line).catch((error: unknown) => {
        if (error instanceof LabError) throw error;
        return null; // no answer in time, or the line broke: the same message again, under its id
      });
      if (answer === null) continue;
      if (!isProblem(answer)) return answer;
      await this.#waitOrThrow(answer);
    }
  }

  /** @returns null when the visitor cannot know whether the message was taken. */
  async #attempt(line: OutgoingMessage): Promise<ChatAccepted | ChatProblem | null> {
    const fault = await this.#meetFault('message');
    if (fault?.kind === 'drop') {
      await this.#rest(LOOK_AGAIN_MS);
      return null;
    }
    const tab = await this.#readyTab(line.attempts);
    for (const file of line.files.slice(line.attachmentIds.length))
      line.attachmentIds.push((await this.upload(file)).id);
    line.attempts += 1;
    if (fault?.kind === 'cut-before-send') {
      tab.cut();
      return null;
    }
    const copies = fault?.kind === 'duplicate' ? 2 : line.times;
    const message = { id: line.id, text: line.text, attachmentIds: line.attachmentIds };
    const send = async (copy: number) => {
      const from = copy === 0 ? tab : await this.#readyTab(line.attempts + copy - 1);
      return from.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('message', message);
    };
    const answers = Promise.all(Array.from({ length: copies }, (_, copy) => send(copy)));
    answers.catch(() => undefined); // the line may break before anybody waits for them
    if (fault?.kind === 'cut-before-ack' && fault.delayMs !== undefined) {
      await this.#world.context.timers.sleep(fault.delayMs);
      tab.cut();
    }
    const [answer] = await answers;
    if (fault?.kind === 'cut-before-ack' || fault?.kind === 'cut-after-ack') tab.cut();
    return fault?.kind === 'cut-before-ack' ? null : (answer ?? null);
  }
}
