import type { CommandDoc } from '../protocol/commands.ts';
import { type Change, type CollectionName, encodeCheckpoint } from '../protocol/sync.ts';
import type { Conversation } from '../schemas/conversation.ts';
import type { Customer } from '../schemas/customer.ts';
import type { AgentEntry, DirectoryEntry } from '../schemas/directory.ts';
import type { Message } from '../schemas/message.ts';
import type { Order } from '../schemas/order.ts';

/** An instant for tests: 2026-01-05 09:00 UTC. */
export const TEST_NOW = 1_767_603_600_000;

export function buildCustomer(fields: Partial<Customer> = {}): Customer {
  return {
    id: 'customer-1',
    name: 'Mei Lin',
    identities: [{ kind: 'email', scope: '', value: 'mei@example.com', claimed: false }],
    emails: ['mei@example.com'],
    phones: [],
    locale: null,
    tags: [],
    attributes: {},
    optOuts: [],
    mergedInto: null,
    createdAt: TEST_NOW,
    createdSeq: 1,
    ...fields,
  };
}

export function buildConversation(fields: Partial<Conversation> = {}): Conversation {
  return {
    id: 'conversation-1',
    customerId: 'customer-1',
    channelAccountId: 'channel-1',
    channelKind: 'mailgun',
    subject: 'Where is my order?',
    status: 'pending',
    assigneeId: null,
    teamId: null,
    priority: 'normal',
    tags: [],
    participants: ['mei@example.com'],
    preview: 'Hello, where is my order?',
    lastMessageAt: TEST_NOW,
    waitingSince: TEST_NOW,
    firstRepliedAt: null,
    resolvedAt: null,
    snoozedUntil: null,
    previousId: null,
    replyWindow: null,
    createdAt: TEST_NOW,
    createdSeq: 2,
    ...fields,
  };
}

/** A mail from the customer. */
export function buildMessage(fields: Partial<Message> = {}): Message {
  return {
    id: 'message-1',
    conversationId: 'conversation-1',
    channelAccountId: 'channel-1',
    direction: 'in',
    kind: 'text',
    urgency: 'normal',
    authorType: 'customer',
    authorId: 'customer-1',
    from: { name: 'Mei Lin', address: 'mei@example.com' },
    to: [{ name: '', address: 'help@shop.example' }],
    cc: [],
    bcc: [],
    replyToAddresses: [],
    subject: 'Where is my order?',
    text: 'Hello, where is my order?',
    html: null,
    attachments: [],
    mentions: [],
    status: 'received',
    failure: null,
    externalId: '<1@mail.example>',
    references: [],
    replyTo: null,
    sentAt: TEST_NOW,
    receivedAt: TEST_NOW,
    createdSeq: 3,
    deleted: false,
    edits: [],
    ...fields,
  };
}

export function buildOrder(fields: Partial<Order> = {}): Order {
  return {
    id: 'order-1',
    storeId: 'store-1',
    externalId: '1001',
    number: '#1001',
    status: 'processing',
    financialStatus: 'paid',
    fulfilmentStatus: null,
    cancelledAt: null,
    cancelReason: null,
    currency: 'EUR',
    totalMinor: 4_990,
    currentTotalMinor: 4_990,
    subtotalMinor: 4_990,
    taxMinor: 0,
    discountMinor: 0,
    refundedMinor: 0,
    refunds: [],
    lines: [],
    fulfilments: [],
    customerId: 'customer-1',
    email: 'mei@example.com',
    phone: null,
    shippingAddress: null,
    note: '',
    tags: [],
    placedAt: TEST_NOW,
    version: 1,
    externalUpdatedAt: TEST_NOW,
    deleted: false,
    test: false,
    createdSeq: 4,
    ...fields,
  };
}

export function buildAgent(fields: Partial<AgentEntry> = {}): AgentEntry {
  return {
    kind: 'agent',
    id: 'agent-1',
    name: 'Ana',
    email: 'ana@shop.example',
    role: 'agent',
    teamIds: [],
    disabled: false,
    createdSeq: 5,
    ...fields,
  };
}

export function buildChannel(
  fields: Partial<Extract<DirectoryEntry, { kind: 'channel' }>> = {},
): Extract<DirectoryEntry, { kind: 'channel' }> {
  return {
    kind: 'channel',
    id: 'channel-1',
    name: 'Shop mail',
    channelKind: 'mailgun',
    teamIds: [],
    address: 'help@shop.example',
    createdSeq: 6,
    ...fields,
  };
}

export function buildCommandDoc(fields: Partial<CommandDoc> = {}): CommandDoc {
  return {
    id: 'command-1',
    type: 'set-status',
    agentId: 'agent-1',
    status: 'applied',
    seq: 1,
    at: TEST_NOW,
    receivedAt: TEST_NOW,
    ...fields,
  };
}

/** A row of the change log with its document. */
export function buildChange(collection: CollectionName, seq: number, doc: { id: string; createdSeq?: number }): Change {
  return { collection, id: doc.id, seq, createdSeq: doc.createdSeq ?? seq, doc };
}

export function buildDeletion(collection: CollectionName, seq: number, id: string): Change {
  return { collection, id, seq, createdSeq: seq, deleted: true };
}

export function buildCheckpoint(seq: number, mark = 'mark'): string {
  return encodeCheckpoint({ deskId: 'desk-1', seq, mark });
}
