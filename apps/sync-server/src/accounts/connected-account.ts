import type { Order, OrderStatus } from '@tradewind/shared/schemas/order';
import type {
  ChannelConnector,
  ConnectorCapabilities,
  HttpReply,
  InboundEvent,
  OutboundMessage,
  RawWebhook,
  SendResult,
  StoreConnector,
  VerifyResult,
} from '../connector.ts';

/** What the directory knows of an account, apart from its configuration. */
export interface AccountFacts {
  id: string;
  kind: string;
  name: string;
  teamIds: readonly string[];
  /** Names the account in advisory locks. */
  laneNo: number;
}

/** An account with its connector and decrypted configuration behind it: callers never see a secret. */
export interface ConnectedAccount extends AccountFacts {
  family: 'channel' | 'store';
  /** Sender address or shop domain; a mail account's own address is no participant of its conversations. */
  ownAddress: string;
  maxBodyBytes: number;
  capabilities: ConnectorCapabilities | null;
  verify(request: RawWebhook, nowMs: number): VerifyResult | Promise<VerifyResult>;
  parse(request: RawWebhook, receivedAtMs: number): InboundEvent[] | Promise<InboundEvent[]>;
  acceptedReply: HttpReply | null;
  createExternalId(messageId: string): string | null;
  send(message: OutboundMessage, signal: AbortSignal): Promise<SendResult>;
  fetchFile(url: string, signal: AbortSignal): Promise<{ content: Buffer; contentType: string | null }>;
  orderStatus(order: Order): OrderStatus;
}

export function connectChannel<TConfig>(
  facts: AccountFacts,
  connector: ChannelConnector<TConfig>,
  config: TConfig,
): ConnectedAccount {
  return {
    ...facts,
    family: 'channel',
    ownAddress: connector.displayAddress(config),
    maxBodyBytes: connector.maxBodyBytes,
    capabilities: connector.capabilities,
    acceptedReply: connector.acceptedReply ?? null,
    verify: (request, nowMs) => connector.verify(request, config, nowMs),
    parse: (request, receivedAtMs) => connector.parse(request, config, receivedAtMs),
    createExternalId: (messageId) => connector.createExternalId(messageId, config),
    send: (message, signal) => connector.send(message, { config, signal }),
    fetchFile: (url, signal) =>
      connector.fetchFile
        ? connector.fetchFile(url, { config, signal })
        : Promise.reject(new Error(`${connector.kind} keeps no files`)),
    orderStatus: (order) => order.status,
  };
}

export function connectStore<TConfig>(
  facts: AccountFacts,
  connector: StoreConnector<TConfig>,
  config: TConfig,
): ConnectedAccount {
  return {
    ...facts,
    family: 'store',
    ownAddress: connector.displayAddress(config),
    maxBodyBytes: connector.maxBodyBytes,
    capabilities: null,
    acceptedReply: connector.acceptedReply ?? null,
    verify: (request, nowMs) => connector.verify(request, config, nowMs),
    parse: (request, receivedAtMs) => connector.parse(request, config, receivedAtMs),
    createExternalId: () => null,
    send: () =>
      Promise.resolve({
        status: 'failed',
        reason: { kind: 'no-channel', text: 'A store cannot send messages.' },
        retryable: false,
      }),
    fetchFile: () => Promise.reject(new Error('a store keeps no files for us')),
    orderStatus: (order) => connector.orderStatus(order),
  };
}
