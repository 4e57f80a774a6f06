import type {
  ChatAccepted,
  ChatConversation,
  ChatHistory,
  ChatLanguage,
  ChatMessage,
  ChatProfile,
  ChatWelcome,
} from '@tradewind/shared/chat/wire';
import { type LabContext, LabError } from '../context.ts';
import type { FaultPlan } from '../outgoing/faults.ts';
import { createHex } from '../outgoing/random-ids.ts';
import type { WebChatAccount, WebChatSettings } from './account.ts';
import { type SignedCustomer, signIdentity } from './sign-identity.ts';
import { Tab } from './tab.ts';
import { ACK_TIMEOUT_MS, isProblem, type OutgoingMessage, type SayOptions, Uplink } from './uplink.ts';

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

const TRY_AGAIN_MS = 1_000;
const IDENTITY_SECONDS = 24 * 3_600;

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
  #uplink: Uplink;
  #cursor = 0;
  #reports = new Set<Promise<void>>();
  #offline = false;
  #closed = false;
  /** The server did not believe the signed identity. */
  #isDoubted = false;

  constructor(id: string, draft: VisitorDraft, world: VisitorWorld) {
    this.id = id;
    this.draft = draft;
    this.#world = world;
    this.#uplink = new Uplink(this, { ...world, note: this.#note });
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
  get waiting(): readonly OutgoingMessage[] {
    return this.#uplink.waiting;
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
    return this.#uplink.say(text, options);
  }

  setTyping(typing: boolean): Promise<void> {
    return this.#uplink.tell('typing', (tab) => tab.socket.emit('typing', { typing }));
  }

  setProfile(profile: ChatProfile): Promise<ChatAccepted> {
    return this.#uplink.ask('profile', (tab) => tab.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('profile', profile));
  }

  /** @throws LabError when there is no conversation that could be rated. */
  rate(score: number, comment = ''): Promise<ChatAccepted> {
    const conversationId = this.conversation.id;
    if (conversationId === null) throw new LabError('this visitor has no conversation to rate');
    return this.#uplink.ask('rating', (tab) =>
      tab.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('rate', { conversationId, score, comment }),
    );
  }

  sendReceipt(receipt: { delivered?: string[] | undefined; read?: string[] | undefined }): Promise<void> {
    return this.#uplink.tell('receipt', (tab) => tab.socket.emit('receipt', receipt));
  }

  /** A page of what came before, newest last. */
  readHistory(query: { after?: number; before?: string } = {}): Promise<ChatHistory> {
    return this.#uplink.ask('history', (tab) => tab.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('history', query));
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

  /** Resolves when he has said of everything he heard that it arrived, and that he has read it. */
  async hasReported(): Promise<void> {
    await Promise.all(this.#reports);
  }

  close(): void {
    this.#closed = true;
    for (const tab of this.tabs) tab.close();
    this.#uplink.close();
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
    if (heard.length > 0) this.#report(heard.map(({ id }) => id));
    for (const message of heard) this.#world.onHeard(this, message);
  }

  #report(ids: string[]): void {
    const reporting = this.#receive(ids).catch(this.#note);
    this.#reports.add(reporting);
    void reporting.then(() => this.#reports.delete(reporting));
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
}
