import type {
  ChatAccepted,
  ChatAttachment,
  ChatConversation,
  ChatHistory,
  ChatLanguage,
  ChatMessage,
  ChatProblem,
  ChatProfile,
  ChatWelcome,
} from '@tradewind/shared/chat/wire';
import { type LabContext, LabError } from '../context.ts';
import type { Fault, FaultKind, FaultPlan } from '../outgoing/faults.ts';
import { createHex } from '../outgoing/random-ids.ts';
import type { WebChatAccount, WebChatSettings } from './account.ts';
import { type SignedCustomer, signIdentity } from './sign-identity.ts';
import { Tab } from './tab.ts';

export interface ChatFile {
  name: string;
  contentType: string;
  content: Buffer;
}

export interface VisitorDraft {
  /** 43 characters base64url; made here when missing. Null lets the server make one. */
  token?: string | null | undefined;
  /** Typed into the form before the chat: shown to agents as claimed. */
  profile?: ChatProfile | undefined;
  /** Signed in on the shop's site. */
  customer?: SignedCustomer | undefined;
  /** In place of `customer`: any text as the signed identity, to see it refused. */
  identity?: string | undefined;
  language?: ChatLanguage | undefined;
  page?: string | undefined;
  tabs?: number | undefined;
}

export interface SayOptions {
  /** The widget's id of the message; the same one again is the same message. */
  id?: string | undefined;
  files?: readonly ChatFile[] | undefined;
  /** How many times the same message goes out at once, over all tabs in turn. */
  times?: number | undefined;
}

/** A message of the visitor on its way. */
export interface OutgoingLine {
  id: string;
  text: string;
  files: readonly ChatFile[];
  attachmentIds: string[];
  times: number;
  attempts: number;
  /** The server's time once it has been taken. */
  at: number | null;
  settle: { resolve(accepted: ChatAccepted): void; reject(error: Error): void };
}

/** What a visitor needs of the lab. */
export interface VisitorWorld {
  context: LabContext;
  account: WebChatAccount;
  faults: FaultPlan;
  settings: WebChatSettings;
  /** An agent's message that was not heard before. */
  onHeard(visitor: Visitor, message: ChatMessage): void;
  onConversation(visitor: Visitor, conversation: ChatConversation): void;
}

const ACK_TIMEOUT_MS = 5_000;
const LOOK_AGAIN_MS = 50;
const TRY_AGAIN_MS = 1_000;
const IDENTITY_SECONDS = 24 * 3_600;

function isProblem(answer: object): answer is ChatProblem {
  return 'problem' in answer;
}

/**
 * One simulated visitor of the website, in one tab or several, as the widget behaves: what is written waits in a queue
 * until the server has taken it and goes out again under its id after every cut.
 */
export class Visitor {
  readonly id: string;
  readonly messages = new Map<string, ChatMessage>();
  readonly tabs: Tab[] = [];
  /** What the server refused, in its own words. */
  readonly problems: string[] = [];
  conversation: ChatConversation = { id: null, state: 'none', askRating: false, seenOrder: 0 };
  welcome: ChatWelcome | null = null;
  agentTyping = false;
  token: string | null;
  readonly draft: VisitorDraft;
  #world: VisitorWorld;
  #queue: OutgoingLine[] = [];
  #sending: Promise<void> | null = null;
  #cursor = 0;
  #offline = false;
  #closed = false;
  /** The server did not believe the signed identity. */
  #isDoubted = false;

  constructor(id: string, draft: VisitorDraft, world: VisitorWorld) {
    this.id = id;
    this.draft = draft;
    this.#world = world;
    this.token = draft.token === undefined ? this.#createToken() : draft.token;
    for (let tab = 0; tab < (draft.tabs ?? 1); tab++) this.openTab();
    if (draft.profile) void this.setProfile(draft.profile).catch(this.#note);
  }

  get name(): string {
    return this.draft.customer?.name ?? this.draft.profile?.name ?? '';
  }
  get accountId(): string {
    return this.#world.account.id;
  }
  get isOffline(): boolean {
    return this.#offline;
  }
  /** He has left the site. */
  get isGone(): boolean {
    return this.#closed;
  }
  /** What the server has not taken yet, oldest first. */
  get waiting(): readonly OutgoingLine[] {
    return this.#queue;
  }

  openTab(): Tab {
    const { account } = this.#world;
    const tab = new Tab(account.serverUrl, account.origin, {
      auth: () => ({
        accountId: account.id,
        visitorToken: this.token,
        identity: this.#identity(),
        language: this.draft.language ?? null,
        page: this.draft.page ?? null,
      }),
      onWelcome: (from, welcome) => {
        this.welcome = welcome;
        if (welcome.visitorToken !== null) this.token = welcome.visitorToken;
        void this.#catchUp(from);
      },
      onMessages: (_from, page) => this.#hear(page.messages, page.cursor),
      onConversation: (conversation) => this.#keepConversation(conversation),
      onTyping: ({ typing }) => {
        this.agentTyping = typing;
      },
      onSeen: ({ order }) => {
        this.conversation = { ...this.conversation, seenOrder: Math.max(order, this.conversation.seenOrder) };
      },
      onRefused: (from, reason, wasReached) => {
        this.#note(new Error(reason));
        if (wasReached) void this.#comeBack(from);
      },
    });
    this.tabs.push(tab);
    return tab;
  }

  closeTab(): void {
    this.tabs.pop()?.close();
  }

  /** Writes; resolves when the server has taken it, however often the line breaks meanwhile. */
  say(text: string, options: SayOptions = {}): Promise<ChatAccepted> {
    const id = options.id ?? createHex(this.#world.context.random, 24);
    return new Promise((resolve, reject) => {
      this.#queue.push({
        id,
        text,
        files: options.files ?? [],
        attachmentIds: [],
        times: options.times ?? 1,
        attempts: 0,
        at: null,
        settle: { resolve, reject },
      });
      this.#sending ??= this.#sendQueue();
    });
  }

  async setTyping(typing: boolean): Promise<void> {
    const fault = await this.#meetFault('typing');
    if (fault?.kind !== 'drop') (await this.#readyTab(0)).socket.emit('typing', { typing });
  }

  setProfile(profile: ChatProfile): Promise<ChatAccepted> {
    return this.#ask('profile', (tab) => tab.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('profile', profile));
  }

  /** @throws LabError when there is no conversation that could be rated. */
  rate(score: number, comment = ''): Promise<ChatAccepted> {
    const conversationId = this.conversation.id;
    if (conversationId === null) throw new LabError('this visitor has no conversation to rate');
    return this.#ask('rating', (tab) =>
      tab.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('rate', { conversationId, score, comment }),
    );
  }

  async sendReceipt(receipt: { delivered?: string[] | undefined; read?: string[] | undefined }): Promise<void> {
    const fault = await this.#meetFault('receipt');
    if (fault?.kind !== 'drop') (await this.#readyTab(0)).socket.emit('receipt', receipt);
  }

  /** A page of what came before, newest last. */
  readHistory(query: { after?: number; before?: string } = {}): Promise<ChatHistory> {
    return this.#ask('history', (tab) => tab.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('history', query));
  }

  /** Every tab loses its line; what is written waits. Comes back by itself after the time, if one is given. */
  goOffline(durationMs?: number): void {
    this.#offline = true;
    for (const tab of this.tabs) tab.goOffline();
    if (durationMs === undefined) return;
    void this.#world.context.timers.sleep(durationMs).then(() => this.goOnline());
  }

  goOnline(): void {
    if (!this.#offline || this.#closed) return;
    this.#offline = false;
    for (const tab of this.tabs) tab.goOnline();
  }

  close(): void {
    this.#closed = true;
    for (const tab of this.tabs) tab.close();
    for (const line of this.#queue.splice(0)) line.settle.reject(new LabError('the visitor has left'));
  }

  #note = (error: unknown): void => {
    this.problems.push(error instanceof Error ? error.message : String(error));
    if (this.problems.length > 20) this.problems.shift();
  };

  #createToken(): string {
    return Buffer.from(createHex(this.#world.context.random, 64), 'hex').toString('base64url');
  }

  #identity(): string | null {
    if (this.#isDoubted) return null;
    if (this.draft.identity !== undefined) return this.draft.identity;
    const { account, context } = this.#world;
    if (!this.draft.customer) return null;
    if (account.identitySecret === null) throw new LabError('this account has no identitySecret to sign with');
    return signIdentity(
      account.identitySecret,
      this.draft.customer,
      Math.floor(context.clock() / 1000) + IDENTITY_SECONDS,
    );
  }

  /** Turned away: goes on without the signed identity, as the widget does, or tries again a little later. */
  async #comeBack(tab: Tab): Promise<void> {
    if (this.#isSigned && !this.#isDoubted) this.#isDoubted = true;
    else if (!(await this.#world.context.timers.sleep(TRY_AGAIN_MS))) return;
    if (!this.#closed && !this.#offline) tab.socket.connect();
  }

  get #isSigned(): boolean {
    return this.draft.customer !== undefined || this.draft.identity !== undefined;
  }

  async #catchUp(tab: Tab): Promise<void> {
    try {
      for (let isDone = false; !isDone; ) {
        const page = await tab.socket
          .timeout(ACK_TIMEOUT_MS)
          .emitWithAck('history', this.#cursor > 0 ? { after: this.#cursor } : {});
        if (isProblem(page)) return this.#note(new Error(page.problem.title));
        isDone = page.cursor <= this.#cursor || page.messages.length === 0;
        this.#hear(page.messages, page.cursor);
        this.#keepConversation(page.conversation);
      }
    } catch {
      // The line broke meanwhile: the tab comes back, and reads again.
    }
  }

  #hear(messages: readonly ChatMessage[], cursor: number): void {
    this.#cursor = Math.max(this.#cursor, cursor);
    const heard = messages.filter(({ id, author }) => author !== 'visitor' && !this.messages.has(id));
    for (const message of messages) this.messages.set(message.id, message);
    if (heard.length > 0) void this.#receive(heard.map(({ id }) => id)).catch(this.#note);
    for (const message of heard) this.#world.onHeard(this, message);
  }

  #keepConversation(conversation: ChatConversation): void {
    this.conversation = conversation;
    this.#world.onConversation(this, conversation);
  }

  async #receive(ids: string[]): Promise<void> {
    const { settings, context } = this.#world;
    const { deliveredAfterMs, readAfterMs } = settings;
    if (deliveredAfterMs === null || !(await context.timers.sleep(deliveredAfterMs))) return;
    await this.sendReceipt({ delivered: ids });
    if (readAfterMs === null || !(await context.timers.sleep(readAfterMs))) return;
    await this.sendReceipt({ read: ids });
  }

  /** Faults of the way out: whoever is offline goes so here, what is late waits here. */
  async #meetFault(topic: string): Promise<Fault | null> {
    const kinds: FaultKind[] = ['offline', 'delay', 'drop', 'duplicate'];
    if (topic === 'message') kinds.push('cut-before-send', 'cut-before-ack', 'cut-after-ack');
    const fault = this.#world.faults.take(kinds, { topic, recipients: [this.id, this.name] });
    if (fault?.kind === 'offline') this.goOffline(fault.delayMs ?? 3_000);
    if (fault?.kind === 'delay') await this.#world.context.timers.sleep(fault.delayMs ?? 1_000);
    return fault;
  }

  /** A tab that is welcomed; waits for one as long as it takes. */
  async #readyTab(turn: number): Promise<Tab> {
    for (;;) {
      const ready = this.tabs.filter((tab) => tab.isReady);
      const tab = ready[turn % Math.max(1, ready.length)];
      if (tab) return tab;
      if (this.#closed || !(await this.#world.context.timers.sleep(LOOK_AGAIN_MS)))
        throw new LabError('the visitor has left');
    }
  }

  /** Asks until there is an answer. A wait that the server asks for is kept; another refusal is the end. */
  async #ask<T extends object>(topic: string, work: (tab: Tab) => Promise<T | ChatProblem>): Promise<T> {
    const fault = await this.#meetFault(topic);
    if (fault?.kind === 'drop') await this.#world.context.timers.sleep(LOOK_AGAIN_MS);
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
    this.#note(new Error(problem.title));
    if (!(await this.#world.context.timers.sleep(problem.retryAfterMs))) throw new LabError('the visitor has left');
  }

  async #sendQueue(): Promise<void> {
    for (let line = this.#queue[0]; line !== undefined; line = this.#queue[0]) {
      try {
        const accepted = await this.#send(line);
        line.at = accepted.at;
        line.settle.resolve(accepted);
      } catch (error) {
        this.#note(error);
        line.settle.reject(error instanceof Error ? error : new Error(String(error)));
      }
      this.#queue.shift();
    }
    this.#sending = null;
  }

  async #send(line: OutgoingLine): Promise<ChatAccepted> {
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
  async #attempt(line: OutgoingLine): Promise<ChatAccepted | ChatProblem | null> {
    const fault = await this.#meetFault('message');
    if (fault?.kind === 'drop') return null;
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
    const answers = Array.from({ length: copies }, async (_, copy) => {
      const from = copy === 0 ? tab : await this.#readyTab(line.attempts + copy - 1);
      return from.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('message', message);
    });
    if (fault?.kind === 'cut-before-ack' && fault.delayMs !== undefined) {
      await this.#world.context.timers.sleep(fault.delayMs);
      tab.cut();
    }
    const [answer] = await Promise.all(answers);
    if (fault?.kind === 'cut-before-ack' || fault?.kind === 'cut-after-ack') tab.cut();
    return fault?.kind === 'cut-before-ack' ? null : (answer ?? null);
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
      if (!(await this.#world.context.timers.sleep(retryAfterS * 1_000))) throw new LabError('the visitor has left');
    }
  }
}
