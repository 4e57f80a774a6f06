import { type LabContext, LabError } from '../context.ts';
import { FaultPlan } from '../outgoing/faults.ts';
import { createHex } from '../outgoing/random-ids.ts';
import type { Posting, SignedRequest } from '../outgoing/webhook-poster.ts';
import type { MailAddress } from './address.ts';
import { buildEventRequest, type MailgunEventDraft, type MailgunEventName } from './event.ts';
import { buildInboundRequest, type StoredAddresses } from './inbound.ts';
import { completeMail, type InboundForm, type Mail, type MailDraft, type MailgunAccount } from './mail.ts';
import { Outbox, type SentMail } from './outbox.ts';
import type { SendRequest } from './parse-send.ts';
import { type MailgunSignature, signMailgun } from './sign.ts';

// Minutes between the attempts to hand over an inbound mail; about eight hours in all.
const RETRY_MINUTES = [10, 10, 15, 30, 60, 120, 240];
const KEPT_STORED_MAILS = 200;

export interface MailgunSettings {
  /** Report `accepted` and `delivered` (or, under a `bounce` fault, `failed`) for every mail by itself. */
  autoDeliver: boolean;
  deliverAfterMs: number;
  /** Share of the real retry waits; 0 = one attempt only. */
  retryScale: number;
}

/** How a request is signed: now and with a fresh token unless a test says otherwise. */
export interface SignOptions {
  accountId?: string | undefined;
  /** Epoch seconds. */
  timestamp?: string | undefined;
  token?: string | undefined;
}

export interface InboundOptions extends SignOptions {
  /** Default: what Mailgun does, `multipart` with attachments, else `urlencoded`. */
  form?: InboundForm | undefined;
}

/** What a test or a person says of an event; the rest comes from the mail. */
export interface EventDetails extends Pick<MailgunEventDraft, 'severity' | 'code' | 'message'> {
  recipient?: string | undefined;
}

/** Plays Mailgun to the accounts connected to it: sends mail in, takes mail out, reports on it, and fails when asked. */
export class MailgunSimulator {
  readonly accounts = new Map<string, MailgunAccount>();
  readonly outbox = new Outbox();
  readonly faults = new FaultPlan();
  readonly settings: MailgunSettings = { autoDeliver: true, deliverAfterMs: 300, retryScale: 0 };
  /** Mails held for `store(notify)`, by storage key. */
  readonly stored = new Map<string, { account: MailgunAccount; mail: Mail }>();
  /** Called for every accepted mail; the demo's customers read theirs this way. */
  onSent: ((mail: SentMail) => void) | null = null;
  #context: LabContext;

  constructor(context: LabContext) {
    this.#context = context;
  }

  get sent(): readonly SentMail[] {
    return this.outbox.sent;
  }

  /** Connects an account, or changes the one with this id. */
  connect(
    account: Omit<MailgunAccount, 'id' | 'address'> & { id?: string | undefined; address?: string | undefined },
  ): MailgunAccount {
    const id = account.id ?? `mailgun-${this.accounts.size + 1}`;
    const connected = { ...account, id, address: account.address ?? `support@${account.domain}` };
    this.accounts.set(id, connected);
    return connected;
  }

  /** @throws LabError when there is no such account, or none at all. */
  account(id?: string): MailgunAccount {
    const account = id === undefined ? this.accounts.values().next().value : this.accounts.get(id);
    if (!account)
      throw new LabError(
        id === undefined
          ? 'no Mailgun account is connected to the lab yet'
          : `there is no Mailgun account "${id}" in the lab`,
      );
    return account;
  }

  sign(account: MailgunAccount, options: SignOptions = {}): MailgunSignature {
    const timestamp = options.timestamp ?? String(Math.floor(this.#context.clock() / 1000));
    return signMailgun(account.signingKey, timestamp, options.token ?? createHex(this.#context.random, 50));
  }

  /** Decides what the sender left open: Message-Id, date, recipient. The same mail can then be handed over many times. */
  completeMail(draft: MailDraft, accountId?: string): Mail {
    const account = this.account(accountId);
    try {
      return completeMail(draft, account, {
        nowMs: this.#context.clock(),
        uniqueId: createHex(this.#context.random, 24),
      });
    } catch (error) {
      throw error instanceof RangeError ? new LabError(error.message) : error;
    }
  }

  /** A signed inbound mail that is not sent: to be replayed, posted in parallel, or changed on the way. */
  buildInbound(draft: MailDraft, options: InboundOptions = {}): SignedRequest {
    const account = this.account(options.accountId);
    const mail = this.completeMail(draft, account.id);
    const form = options.form ?? 'urlencoded';
    const stored = this.#store(form, account, mail);
    return buildInboundRequest(account, mail, form, this.sign(account, options), stored);
  }

  /** A customer writes. */
  postInbound(draft: MailDraft, options: InboundOptions = {}): Posting & { mail: Mail } {
    const account = this.account(options.accountId);
    const mail = this.completeMail(draft, account.id);
    const request = this.buildInbound(mail, { ...options, accountId: account.id });
    const posting = this.#context.poster.post(request, this.faults, {
      platform: 'mailgun',
      topic: 'inbound',
      accountId: account.id,
      recipients: [mail.from.address],
      retryDelaysMs:
        this.settings.retryScale > 0 ? RETRY_MINUTES.map((wait) => wait * 60_000 * this.settings.retryScale) : [],
      isFinal: (status) => status === 406,
    });
    return { ...posting, mail };
  }

  buildEvent(draft: MailgunEventDraft, options: SignOptions = {}): SignedRequest {
    const account = this.account(options.accountId);
    const made = { id: createHex(this.#context.random, 22), nowMs: this.#context.clock() };
    return buildEventRequest(account, draft, this.sign(account, options), made);
  }

  /** Tells the product what became of a mail. Notifications of delivery are posted once: Mailgun does not retry them. */
  postEvent(mail: SentMail, event: MailgunEventName, details: EventDetails = {}): Posting {
    const recipient = details.recipient ?? mail.to[0]?.address ?? '';
    const draft = { ...details, event, messageId: mail.messageId, recipient, variables: mail.variables };
    mail.events.push(event);
    return this.#context.poster.post(this.buildEvent(draft, { accountId: mail.accountId }), this.faults, {
      platform: 'mailgun',
      topic: event,
      accountId: mail.accountId,
      recipients: [recipient],
    });
  }

  /** The customer's answer to a mail of ours, threaded as mail programs do. */
  buildReply(mail: SentMail, draft: Omit<MailDraft, 'from'> & { from?: MailAddress | undefined }): MailDraft {
    const from = draft.from ?? mail.to[0];
    if (!from) throw new LabError('this mail has no recipient who could answer');
    const earlier = (mail.headers.references ?? '').split(/\s+/).filter((id) => id !== '');
    return {
      ...draft,
      from,
      subject: draft.subject ?? (/^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`),
      inReplyTo: mail.messageId,
      references: [...new Set([...earlier, mail.messageId])],
    };
  }

  /** Takes a mail into the outbox and, unless told otherwise, reports on it soon. */
  accept(account: MailgunAccount, request: SendRequest): SentMail {
    const mail = this.outbox.add({
      ...request,
      messageId:
        request.messageId ?? `<${this.#context.clock()}.${createHex(this.#context.random, 16)}@${account.domain}>`,
      accountId: account.id,
      domain: account.domain,
      receivedAt: this.#context.clock(),
    });
    this.onSent?.(mail);
    if (this.settings.autoDeliver) void this.#reportByItself(mail);
    return mail;
  }

  async #reportByItself(mail: SentMail): Promise<void> {
    if (!(await this.#context.timers.sleep(this.settings.deliverAfterMs / 2))) return;
    this.postEvent(mail, 'accepted');
    if (!(await this.#context.timers.sleep(this.settings.deliverAfterMs / 2))) return;
    for (const { address } of [...mail.to, ...mail.cc, ...mail.bcc]) {
      const isBounced = this.faults.take(['bounce'], { recipients: [address] }) !== null;
      this.postEvent(mail, isBounced ? 'failed' : 'delivered', { recipient: address });
    }
  }

  #store(form: InboundForm, account: MailgunAccount, mail: Mail): StoredAddresses {
    const key = createHex(this.#context.random, 32);
    if (form === 'store') {
      this.stored.set(key, { account, mail });
      const oldest = this.stored.keys().next().value;
      if (this.stored.size > KEPT_STORED_MAILS && oldest !== undefined) this.stored.delete(oldest);
    }
    const messageUrl = `${this.#context.url()}/mailgun/v3/domains/${account.domain}/messages/${key}`;
    return { messageUrl, attachmentUrl: (index) => `${messageUrl}/attachments/${index}` };
  }
}
