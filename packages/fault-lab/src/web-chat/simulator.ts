import type { ChatConversation, ChatMessage } from '@tradewind/shared/chat/wire';
import { type LabContext, LabError } from '../context.ts';
import { FaultPlan } from '../outgoing/faults.ts';
import type { Posting, SignedRequest } from '../outgoing/webhook-poster.ts';
import type { WebChatAccount, WebChatSettings } from './account.ts';
import { buildRelayRequest, type RelayDraft } from './relay.ts';
import { Visitor, type VisitorDraft } from './visitor.ts';

/** Plays visitors of the website chat over real sockets: they write, wait, lose the line, come back, read and rate. */
export class WebChatSimulator {
  readonly accounts = new Map<string, WebChatAccount>();
  readonly visitors = new Map<string, Visitor>();
  readonly faults = new FaultPlan();
  readonly settings: WebChatSettings = { deliveredAfterMs: 0, readAfterMs: 500 };
  /** Called for every message of an agent or bot that a visitor had not heard before. */
  onHeard: ((visitor: Visitor, message: ChatMessage) => void) | null = null;
  /** Called whenever a visitor is told how his conversation stands. */
  onConversation: ((visitor: Visitor, conversation: ChatConversation) => void) | null = null;
  #context: LabContext;
  #lastId = 0;

  constructor(context: LabContext) {
    this.#context = context;
  }

  /** Connects an account, or changes the one with this id. Visitors are on the lab's own pages unless told otherwise. */
  connect(account: {
    id: string;
    serverUrl: string;
    origin?: string | undefined;
    identitySecret?: string | null | undefined;
  }): WebChatAccount {
    const connected: WebChatAccount = {
      id: account.id,
      serverUrl: account.serverUrl.replace(/\/+$/, ''),
      origin: account.origin ?? this.#context.url(),
      identitySecret: account.identitySecret ?? null,
    };
    this.accounts.set(connected.id, connected);
    return connected;
  }

  /** @throws LabError when there is no such account, or none at all. */
  account(id?: string): WebChatAccount {
    const account = id === undefined ? this.accounts.values().next().value : this.accounts.get(id);
    if (account) return account;
    throw new LabError(
      id === undefined ? 'no website chat is connected to the lab yet' : `there is no website chat "${id}" in the lab`,
    );
  }

  /** Somebody opens the shop's site. */
  open(draft: VisitorDraft & { accountId?: string | undefined } = {}): Visitor {
    const { accountId, ...visitor } = draft;
    const account = this.account(accountId);
    if (visitor.customer && account.identitySecret === null)
      throw new LabError('this account has no identitySecret to sign customers in with');
    const id = `visitor-${++this.#lastId}`;
    const opened = new Visitor(id, visitor, {
      context: this.#context,
      account,
      faults: this.faults,
      settings: this.settings,
      onHeard: (who, message) => this.onHeard?.(who, message),
      onConversation: (who, conversation) => this.onConversation?.(who, conversation),
    });
    this.visitors.set(id, opened);
    return opened;
  }

  /** A signed post of the shop's backend that is not sent: to be replayed, or changed on the way. */
  buildRelay(draft: RelayDraft, accountId?: string): SignedRequest {
    return buildRelayRequest(this.account(accountId), draft, Math.floor(this.#context.clock() / 1000));
  }

  /** The shop's own backend hands on what people write in its app. */
  relay(draft: RelayDraft, accountId?: string): Posting {
    return this.#context.poster.post(this.buildRelay(draft, accountId), this.faults, {
      platform: 'web-chat',
      topic: draft.events[0]?.type ?? 'message',
      accountId: this.account(accountId).id,
      recipients: [draft.visitor],
    });
  }

  /** @throws LabError when there is no such visitor. */
  visitor(id: string): Visitor {
    const visitor = this.visitors.get(id);
    if (!visitor) throw new LabError(`there is no visitor "${id}" in the lab`);
    return visitor;
  }

  /** He closes his tabs; his conversation stays with the product. */
  leave(id: string): void {
    this.visitor(id).close();
    this.visitors.delete(id);
  }

  close(): void {
    for (const visitor of this.visitors.values()) visitor.close();
    this.visitors.clear();
  }
}
