import { fillWithDefaultSettings, type RxDocumentData, type RxJsonSchema } from 'rxdb/plugins/core';

export type Message = { id: string; conversationId: string; status: string; sentAt: number; text: string };
export type Conversation = { id: string; status: string; lastMessageAt: number; inverted: number; subject: string };

const text = (maxLength: number) => ({ type: 'string', maxLength }) as const;
const time = { type: 'integer', minimum: 0, maximum: 9_999_999_999_999, multipleOf: 1 } as const;

export const messageSchema: RxJsonSchema<Message> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: text(40), conversationId: text(40), status: text(20), sentAt: time, text: text(2000) },
  required: ['id', 'conversationId', 'status', 'sentAt', 'text'],
  indexes: [
    ['conversationId', 'sentAt'],
    ['status', 'sentAt'],
  ],
};

/** `inverted` is what Dexie needs to list the newest first by an index. */
export const conversationSchema: RxJsonSchema<Conversation> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: text(40), status: text(20), lastMessageAt: time, inverted: time, subject: text(2000) },
  required: ['id', 'status', 'lastMessageAt', 'inverted', 'subject'],
  indexes: ['lastMessageAt', 'inverted', 'status'],
};

export const filledMessages = fillWithDefaultSettings(structuredClone(messageSchema));
export const filledConversations = fillWithDefaultSettings(structuredClone(conversationSchema));

const STATUSES = ['open', 'waiting', 'snoozed', 'closed'];
const BODY = 'Hello, where is my parcel? 我的包裹在哪里？'.repeat(10);

const START_AT = 1_700_000_000_000;

/** Ids in no order, as made on many devices. */
export function toId(at: number): string {
  return `${((at * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}-${at}`;
}

export function messageAt(at: number): Message {
  return {
    id: toId(at),
    conversationId: `c${at % 2000}`,
    status: STATUSES[at % 4] as string,
    sentAt: START_AT + at * 1000,
    text: `${at} ${BODY}`,
  };
}

export function conversationAt(at: number): Conversation {
  const lastMessageAt = START_AT + ((at * 7919) % 1_000_003) * 1000;
  return {
    id: toId(at),
    status: STATUSES[at % 4] as string,
    lastMessageAt,
    inverted: 9_999_999_999_999 - lastMessageAt,
    subject: `${at} ${BODY}`,
  };
}

/** As the storage holds it. */
export function toStored<T extends { id: string }>(document: T, lwt: number): RxDocumentData<T> {
  return { ...document, _deleted: false, _attachments: {}, _meta: { lwt }, _rev: '1-bench' } as RxDocumentData<T>;
}
