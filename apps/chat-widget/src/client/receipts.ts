import type { ChatMessage } from '@tradewind/shared/chat/wire';
import { isAnswer } from './talk.ts';

/** Newest `order` reported as arrived and as read. */
export interface Reported {
  delivered: number;
  read: number;
}

export interface Receipt {
  delivered: string[];
  read: string[];
}

const MOST_IDS = 50;

/**
 * What is new to tell the desk about its messages; what is read is not also reported as arrived.
 *
 * @returns null when there is nothing, else the receipt and what will have been reported with it.
 */
export function findReceipt(
  messages: readonly ChatMessage[],
  readOrder: number,
  reported: Reported,
): { receipt: Receipt; reported: Reported } | null {
  const answers = messages.filter(isAnswer);
  const read = answers.filter(({ order }) => order > reported.read && order <= readOrder).slice(-MOST_IDS);
  const delivered = answers.filter(({ order }) => order > Math.max(reported.delivered, readOrder)).slice(-MOST_IDS);
  if (read.length === 0 && delivered.length === 0) return null;
  const orders = (list: ChatMessage[]) => list.map(({ order }) => order);
  return {
    receipt: { delivered: delivered.map(({ id }) => id), read: read.map(({ id }) => id) },
    reported: {
      delivered: Math.max(reported.delivered, ...orders(delivered), ...orders(read)),
      read: Math.max(reported.read, ...orders(read)),
    },
  };
}
