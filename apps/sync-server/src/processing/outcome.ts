import type { Order, OrderStatus } from '@tradewind/shared/schemas/order';

export interface EventOutcome {
  state: 'processed' | 'duplicate' | 'ignored';
  reason?: string;
}

/** What applying an event may use besides the documents. */
export interface ApplyEnvironment {
  createId: () => string;
  storeFile(content: Buffer): Promise<{ sha256: string; sizeBytes: number }>;
  /** The account's own address, which is not a participant. */
  ownAddress: string;
  orderStatus(order: Order): OrderStatus;
}
