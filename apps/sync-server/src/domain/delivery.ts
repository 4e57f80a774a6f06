import type { Message, MessageFailure, MessageStatus } from '@tradewind/shared/schemas/message';

export type DeliveryOutcome = 'accepted' | 'delivered' | 'read' | 'failed' | 'delayed' | 'complained' | 'unsubscribed';

// A report moves a message forward only: reports come late and in any order.
const RANK: Readonly<Record<MessageStatus, number>> = {
  received: 0,
  queued: 1,
  sending: 1,
  unknown: 1,
  held: 1,
  failed: 2,
  sent: 2,
  delivered: 3,
  read: 4,
  recalled: 5,
};

const OUTCOME_STATUS: Partial<Record<DeliveryOutcome, MessageStatus>> = {
  accepted: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
};

/**
 * The message after a platform's delivery report, or null when the report says nothing new. A report of any kind proves
 * that the platform has the message, so it also settles an unknown outcome (R11).
 */
export function applyDeliveryReport(
  message: Message,
  report: { outcome: DeliveryOutcome; failure: MessageFailure | null },
): Message | null {
  const status = OUTCOME_STATUS[report.outcome];
  const unsettled = message.status === 'unknown' || message.status === 'sending' || message.status === 'queued';
  if (message.direction !== 'out') return null;
  if (status === undefined) return unsettled ? { ...message, status: 'sent', failure: null } : null;
  if (status === 'failed') {
    // One recipient of several may bounce after another read it: what was read stays read.
    if (message.status === 'failed' || RANK[message.status] > RANK.sent) return null;
    return { ...message, status: 'failed', failure: report.failure ?? { kind: 'bounced', text: '' } };
  }
  if (message.status === 'failed' && status === 'sent') return null;
  if (RANK[status] <= RANK[message.status] && message.status !== 'failed') return null;
  return { ...message, status, failure: null };
}
