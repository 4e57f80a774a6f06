import type { OfficeHours } from '@tradewind/shared/chat/office-hours';
import type { PreChatField } from '@tradewind/shared/chat/wire';
import type { Address, Message } from '@tradewind/shared/schemas/message';
import type { Fulfilment, Order, OrderStatus, Refund } from '@tradewind/shared/schemas/order';
import type { z } from 'zod';

/** A webhook request as it came, before anything was believed. */
export interface RawWebhook {
  method: string;
  /** Path after the account id, without slashes: `''`, `'mime'`, `'events'`. */
  pathSuffix: string;
  /** Raw query string without `?`. */
  query: string;
  /** Lower-cased names; repeated headers joined with `, `. */
  headers: Readonly<Record<string, string>>;
  /** The exact bytes. */
  body: Buffer;
}

export interface HttpReply {
  status: number;
  contentType: string;
  body: string;
}

/** What ingest needs to know of a genuine request, found while verifying it. */
export interface VerifiedFacts {
  /** The platform's word for the kind of event, for lists: `orders/create`, `inbound`, `delivered`. */
  topic: string;
  /** Events with equal keys are processed in order of arrival: sender or thread, order id. */
  laneKey: string;
  /** The platform's own id of this event, null when it has none (R2). */
  dedupeKey: string | null;
  /** A one-time token whose signature does not cover the content: used with other content it is a forgery. */
  oneTimeToken?: { token: string; contentHash: Buffer };
}

export type VerifyResult =
  | { ok: true; facts: VerifiedFacts; reply?: HttpReply } // reply: a handshake, answered at once, nothing stored
  | { ok: false; status: number; reason: string };

export interface InboundAttachment {
  name: string;
  contentType: string;
  contentId: string | null;
  /** The bytes, or where to fetch them with the account's own credentials. */
  source: { content: Buffer } | { url: string; sizeBytes: number };
}

/** A platform's event in our words. Text is free of U+0000; HTML is still hostile. */
export type InboundEvent =
  | {
      type: 'message';
      /** Mail: Message-Id with angle brackets. Never empty: parsers make a stable one where the platform gave none. */
      externalId: string;
      medium: 'mail' | 'chat';
      /** Who wrote: what the customer is recognised by. An `external` value is this account's own (scope). */
      sender: { kind: 'email' | 'phone' | 'external'; value: string; name: string };
      from: Address;
      to: Address[];
      cc: Address[];
      replyTo: Address[];
      subject: string;
      text: string;
      html: string | null;
      attachments: InboundAttachment[];
      /** Files of ours that the sender uploaded before; those of anybody else are passed over. */
      uploadIds?: string[];
      /** In-Reply-To and References, oldest first, with angle brackets. */
      references: string[];
      /** The platform's time for chats; receipt time for mail. */
      sentAt: number;
    }
  | {
      type: 'delivery';
      /** Message the report is about, in the form messages store it. */
      externalId: string;
      outcome: 'accepted' | 'delivered' | 'read' | 'failed' | 'delayed' | 'complained' | 'unsubscribed';
      failure: { kind: string; text: string } | null;
      recipient: string;
      at: number;
    }
  /** News about the person behind a chat: what the shop vouches for, and what was merely typed (design: Identity). */
  | {
      type: 'visitor';
      /** The `external` value of the visitor's messages. */
      visitor: string;
      vouched: VouchedIdentity | null;
      /** Null where this event says nothing of it; '' where the visitor took it back. */
      claimed: { name: string | null; email: string | null; phone: string | null };
      language: string | null;
      page: string | null;
      at: number;
    }
  | { type: 'rating'; visitor: string; conversationId: string; score: number; comment: string; at: number }
  | { type: 'order'; order: IncomingOrder }
  | { type: 'order-deleted'; externalId: string; at: number }
  | { type: 'refund'; orderExternalId: string; refund: Refund; updatedAt: number }
  | { type: 'fulfilment'; orderExternalId: string; fulfilment: Fulfilment }
  | { type: 'ignored'; reason: string };

/** Who a shop says its visitor is: `subject` is the shop's own id of them. Address and phone are exact, ready to compare. */
export interface VouchedIdentity {
  subject: string;
  name: string;
  email: string | null;
  phone: string | null;
}

/** An order as a shop tells it: ours adds id, store, version and the customer found by identity. */
export type IncomingOrder = Omit<Order, 'id' | 'storeId' | 'customerId' | 'version' | 'createdSeq' | 'deleted'> & {
  customer: { externalId: string | null; name: string; email: string | null; phone: string | null };
};

export interface SendFailure {
  /** Stable kind for code and translations: `bounced`, `unauthorised`, `rate-limited`, `rejected`, `unreachable`, … */
  kind: string;
  /** The platform's own words, safe to show to the agent. */
  text: string;
}

export type SendResult =
  | { status: 'sent'; externalId: string }
  | { status: 'failed'; reason: SendFailure; retryable: boolean; retryAfterMs?: number }
  | { status: 'unknown'; reason: string }; // the request may have reached the platform (R11)

export interface OutboundMessage {
  message: Message;
  /** Chosen by us before the first attempt and the same on every attempt. Mail: the Message-Id with angle brackets. */
  externalId: string;
  attachments: { name: string; contentType: string; content: Buffer }[];
}

export interface SendContext<TConfig> {
  config: TConfig;
  signal: AbortSignal;
  /** TRADEWIND_STRICT_EGRESS: private addresses are refused even where an admin configured them (api.md). */
  strictEgress: boolean;
}

export interface ConnectorCapabilities {
  /** The platform drops a second request with the same key. */
  idempotentSend: boolean;
  /** Delivery reports come back. */
  receipts: boolean;
  edit: boolean;
  recall: boolean;
  typing: boolean;
  /** Hours in which one may answer after the customer's last message; null: always. */
  windowHours: number | null;
  maxTextLength: number | null;
}

interface Connector<TConfig> {
  readonly kind: string;
  readonly configSchema: z.ZodType<TConfig>;
  /** Keys of the config that are secrets: stored encrypted, read back as `"set"` (R16). */
  readonly secretKeys: readonly string[];
  /** Largest body taken, in bytes (api.md, Limits by route). */
  readonly maxBodyBytes: number;
  /** Signature over the raw bytes, constant time; no secret means rejected (R3). Never throws on hostile input. */
  verify(request: RawWebhook, config: TConfig, nowMs: number): VerifyResult | Promise<VerifyResult>;
  /** The whole batch; an unknown type gives an `ignored` event; throws ParseError on what cannot be read (R4). */
  parse(request: RawWebhook, config: TConfig, receivedAtMs: number): InboundEvent[] | Promise<InboundEvent[]>;
  /** What the platform wants to read after an event was taken; most are content with any 2xx. */
  readonly acceptedReply?: HttpReply;
  /** Public address shown to people: sender address, shop domain. */
  displayAddress(config: TConfig): string;
}

/** What a chat that lives on this server (src/chat) asks of an account's configuration. */
export interface HostedChat<TConfig> {
  /** Whether pages of this origin may use the chat. */
  allowsOrigin(origin: string, config: TConfig): boolean;
  /** Reads the proof that a shop vouches for its visitor; the reason of a refusal is for the shop's developer. */
  verifyIdentity(token: string, config: TConfig, nowMs: number): IdentityVerdict;
  /** What everybody may know. */
  settings(config: TConfig): HostedChatSettings;
}

export type IdentityVerdict = { ok: true; identity: VouchedIdentity } | { ok: false; reason: string };

export interface HostedChatSettings {
  accentColor: string | null;
  greeting: string | null;
  /** Null: always open. */
  officeHours: OfficeHours | null;
  preChat: { name: PreChatField; email: PreChatField };
  askRating: boolean;
}

export interface ChannelConnector<TConfig> extends Connector<TConfig> {
  readonly capabilities: ConnectorCapabilities;
  /** Present on a chat that lives here and not on a platform. */
  readonly hostedChat?: HostedChat<TConfig>;
  /** Whether this configuration holds what `send` needs; absent: every one does. */
  maySend?(config: TConfig): boolean;
  /** The id under which a message of ours will be known on the platform. */
  createExternalId(messageId: string, config: TConfig): string;
  send(message: OutboundMessage, context: SendContext<TConfig>): Promise<SendResult>;
  /** Fetches a file the platform keeps for us; throws PlatformError on failure. */
  fetchFile?(url: string, context: SendContext<TConfig>): Promise<{ content: Buffer; contentType: string | null }>;
}

export interface StoreConnector<TConfig> extends Connector<TConfig> {
  /** Our one word for where an order stands; asked again whenever a refund or fulfilment changed the order. */
  orderStatus(order: OrderFacts): OrderStatus;
  /** Whether this configuration holds what `readOrder` needs. */
  mayReadOrders?(config: TConfig): boolean;
  /**
   * Reads one order from the shop, for a refund or fulfilment that came before its order.
   *
   * @returns null when the shop has no such order.
   * @throws PlatformError when the shop cannot be asked, ParseError when its answer cannot be read.
   */
  readOrder?(externalId: string, context: SendContext<TConfig>): Promise<IncomingOrder | null>;
}

/** What an order's status follows from. */
export type OrderFacts = Pick<Order, 'cancelledAt' | 'financialStatus' | 'fulfilmentStatus' | 'fulfilments'>;

/** A platform that could not be asked, or said no; its sentence is for the admin. */
export class PlatformError extends Error {
  /** The platform's answer, null when there was none. */
  readonly status: number | null;
  readonly retryAfterMs: number | null;

  constructor(message: string, options: { status?: number; retryAfterMs?: number | null; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PlatformError';
    this.status = options.status ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** A payload that is genuine but cannot be read; its sentence is shown to the admin beside the dead letter. */
export class ParseError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ParseError';
  }
}
