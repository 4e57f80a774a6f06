import type { Order, OrderStatus } from '@tradewind/shared/schemas/order';
import type {
  ChannelConnector,
  ConnectorCapabilities,
  HostedChatSettings,
  HttpReply,
  IdentityVerdict,
  InboundEvent,
  IncomingOrder,
  OutboundMessage,
  RawWebhook,
  SendResult,
  VerifyResult,
} from '../connector.ts';
import type { AnyConnector } from './connectors.ts';

/** What the directory knows of an account, apart from its configuration. */
export interface AccountFacts {
  id: string;
  kind: string;
  name: string;
  teamIds: readonly string[];
  /** Names the account in advisory locks. */
  laneNo: number;
}

/** A chat that lives on this server, bound to its account. */
export interface ConnectedChat {
  allowsOrigin(origin: string): boolean;
  verifyIdentity(token: string, nowMs: number): IdentityVerdict;
  settings: HostedChatSettings;
}

/** An account with its connector and decrypted configuration behind it: callers never see a secret. */
export interface ConnectedAccount extends AccountFacts {
  family: 'channel' | 'store';
  /** Sender address or shop domain; a mail account's own address is no participant of its conversations. */
  ownAddress: string;
  maxBodyBytes: number;
  capabilities: ConnectorCapabilities | null;
  /** Null for everything but a chat of our own. */
  chat: ConnectedChat | null;
  verify(request: RawWebhook, nowMs: number): VerifyResult | Promise<VerifyResult>;
  parse(request: RawWebhook, receivedAtMs: number): InboundEvent[] | Promise<InboundEvent[]>;
  acceptedReply: HttpReply | null;
  /** False where the account can only receive. */
  maySend: boolean;
  createExternalId(messageId: string): string | null;
  send(message: OutboundMessage, signal: AbortSignal): Promise<SendResult>;
  fetchFile(url: string, signal: AbortSignal): Promise<{ content: Buffer; contentType: string | null }>;
  orderStatus(order: Order): OrderStatus;
  /** Reads one order from the shop; null where the account has no shop, or no right to read it. */
  readOrder: ((externalId: string, signal: AbortSignal) => Promise<IncomingOrder | null>) | null;
}

/**
 * Binds a connector to an account's configuration, which stays inside the closures.
 *
 * @param config - as the connector's own schema parsed it.
 */
export function connectAccount(
  found: AnyConnector,
  facts: AccountFacts,
  config: unknown,
  strictEgress: boolean,
): ConnectedAccount {
  const { connector } = found;
  const common = {
    ...facts,
    ownAddress: connector.displayAddress(config),
    maxBodyBytes: connector.maxBodyBytes,
    acceptedReply: connector.acceptedReply ?? null,
    verify: (request: RawWebhook, nowMs: number) => connector.verify(request, config, nowMs),
    parse: (request: RawWebhook, receivedAtMs: number) => connector.parse(request, config, receivedAtMs),
  };
  if (found.family === 'store') {
    const store = found.connector;
    return {
      ...common,
      family: 'store',
      capabilities: null,
      chat: null,
      maySend: false,
      createExternalId: () => null,
      send: () => Promise.reject(new Error(`${store.kind} is a store: it sends no messages`)),
      fetchFile: () => Promise.reject(new Error(`${store.kind} is a store: it keeps no files for us`)),
      orderStatus: (order) => store.orderStatus(order),
      readOrder: store.mayReadOrders?.(config)
        ? async (externalId, signal) => (await store.readOrder?.(externalId, { config, signal, strictEgress })) ?? null
        : null,
    };
  }
  const channel = found.connector;
  return {
    ...common,
    family: 'channel',
    capabilities: channel.capabilities,
    chat: connectChat(channel, config),
    maySend: channel.maySend?.(config) ?? true,
    createExternalId: (messageId) => channel.createExternalId(messageId, config),
    send: (message, signal) => channel.send(message, { config, signal, strictEgress }),
    fetchFile: (url, signal) =>
      channel.fetchFile
        ? channel.fetchFile(url, { config, signal, strictEgress })
        : Promise.reject(new Error(`${channel.kind} keeps no files`)),
    orderStatus: (order) => order.status,
    readOrder: null,
  };
}

function connectChat({ hostedChat: chat }: ChannelConnector<unknown>, config: unknown): ConnectedChat | null {
  if (!chat) return null;
  return {
    allowsOrigin: (origin) => chat.allowsOrigin(origin, config),
    verifyIdentity: (token, nowMs) => chat.verifyIdentity(token, config, nowMs),
    settings: chat.settings(config),
  };
}
