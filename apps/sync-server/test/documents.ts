import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Order } from '@tradewind/shared/schemas/order';
import type { Db } from '../src/db/database.ts';
import { writeConversations, writeMessages } from '../src/db/documents.ts';
import { runWrites } from '../src/db/writes.ts';
import { appendChanges, type ChangeEntry } from '../src/replication/change-log.ts';

export function buildCustomer(given: Partial<Customer> & { id: string }): Customer {
  return {
    name: given.id,
    identities: [],
    emails: [],
    phones: [],
    locale: null,
    tags: [],
    attributes: {},
    optOuts: [],
    mergedInto: null,
    createdAt: 1,
    createdSeq: 0,
    ...given,
  };
}

export function buildConversation(
  given: Partial<Conversation> & { id: string; channelAccountId: string },
): Conversation {
  return {
    customerId: 'c1',
    channelKind: 'json',
    subject: '',
    status: 'open',
    assigneeId: null,
    teamId: null,
    priority: 'normal',
    tags: [],
    participants: [],
    preview: '',
    lastMessageAt: 1,
    waitingSince: null,
    firstRepliedAt: null,
    resolvedAt: null,
    snoozedUntil: null,
    previousId: null,
    replyWindow: null,
    createdAt: 1,
    createdSeq: 0,
    ...given,
  };
}

export function buildMessage(
  given: Partial<Message> & { id: string; conversationId: string; channelAccountId: string },
): Message {
  return {
    direction: 'in',
    kind: 'text',
    urgency: 'normal',
    authorType: 'customer',
    authorId: null,
    from: null,
    to: [],
    cc: [],
    bcc: [],
    replyToAddresses: [],
    subject: '',
    text: '',
    html: null,
    attachments: [],
    mentions: [],
    status: 'received',
    failure: null,
    externalId: null,
    references: [],
    replyTo: null,
    sentAt: 1,
    receivedAt: 1,
    createdSeq: 0,
    deleted: false,
    edits: [],
    ...given,
  };
}

export function buildOrder(given: Partial<Order> & { id: string; storeId: string }): Order {
  return {
    externalId: given.id,
    number: '#1',
    status: 'processing',
    financialStatus: null,
    fulfilmentStatus: null,
    cancelledAt: null,
    cancelReason: null,
    currency: 'EUR',
    totalMinor: 1,
    currentTotalMinor: 1,
    subtotalMinor: 1,
    taxMinor: 0,
    discountMinor: 0,
    refundedMinor: 0,
    refunds: [],
    lines: [],
    fulfilments: [],
    customerId: null,
    email: null,
    phone: null,
    shippingAddress: null,
    note: '',
    tags: [],
    placedAt: 1,
    version: 1,
    externalUpdatedAt: 1,
    deleted: false,
    test: false,
    createdSeq: 0,
    ...given,
  };
}

export interface SeededDocuments {
  scopes: string[];
  customers?: Customer[];
  conversations?: Conversation[];
  messages?: Message[];
  orders?: Order[];
}

/** Stores documents as processing does: rows first, then the change log, all with the same scopes. */
export async function seedDocuments(db: Db, given: SeededDocuments): Promise<void> {
  const { scopes, customers = [], conversations = [], messages = [], orders = [] } = given;
  const toEntries = (collection: ChangeEntry['collection'], docs: { id: string; deleted?: boolean }[]): ChangeEntry[] =>
    docs.map((doc) => ({ collection, id: doc.id, scopes, deleted: doc.deleted ?? false }));
  await db.transaction().execute(async (tx) => {
    for (const doc of customers) {
      await tx
        .insertInto('customers')
        .values({ id: doc.id, updated_at: 1, doc: JSON.stringify(doc) })
        .execute();
    }
    await runWrites(tx, [writeConversations(conversations, 1), writeMessages(messages)]);
    for (const doc of orders) {
      const columns = {
        id: doc.id,
        store_id: doc.storeId,
        external_id: doc.externalId,
        number: doc.number,
        customer_id: doc.customerId,
        external_updated_at: doc.externalUpdatedAt,
        deleted: doc.deleted,
        placed_at: doc.placedAt,
      };
      await tx
        .insertInto('orders')
        .values({ ...columns, doc: JSON.stringify(doc) })
        .execute();
    }
    const entries = [
      ...toEntries('customer', customers),
      ...toEntries('conversation', conversations),
      ...toEntries(
        'message',
        messages.map(({ id }) => ({ id })),
      ),
      ...toEntries('order', orders),
    ];
    await appendChanges(tx, entries, 1);
  });
}
