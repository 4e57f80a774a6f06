import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Attachment, Message } from '@tradewind/shared/schemas/message';
import type { InboundAttachment, InboundEvent } from '../connector.ts';
import { visitorReference } from '../db/visitor-reference.ts';
import { createConversation, isPastReopening, receiveCustomerMessage } from '../domain/conversation-life.ts';
import { findChatThread, findThread } from '../domain/threading.ts';
import { sanitiseHtml } from '../mail/sanitize.ts';
import { findOrCreateCustomer } from './customers.ts';
import type { ApplyEnvironment, EventOutcome } from './outcome.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { type IdentityKey, identityId, type Wanted } from './wanted.ts';

type InboundMessage = Extract<InboundEvent, { type: 'message' }>;

export function wantForMessage(event: InboundMessage, accountId: string, wanted: Wanted): void {
  const key = toSenderKey(event, accountId);
  wanted.identities.set(identityId(key), key);
  wanted.messageIds.add(event.externalId);
  for (const id of toThreadIds(event)) wanted.threadIds.add(id);
  for (const id of event.uploadIds ?? []) wanted.uploads.add(id);
}

/** Mail addresses and phone numbers are the same person everywhere; other ids belong to the account that gave them. */
function toSenderKey({ sender }: InboundMessage, accountId: string): IdentityKey {
  return { kind: sender.kind, scope: sender.kind === 'external' ? accountId : '', value: sender.value };
}

/** What leads to the message's conversation: for a chat its visitor, for mail the ids it has and names. */
function toThreadIds(event: InboundMessage): string[] {
  return event.medium === 'chat' ? [visitorReference(event.sender.value)] : [event.externalId, ...event.references];
}

/**
 * Takes a customer's message in: customer by exact identity, conversation by references (R14) or, in a chat, by the visitor,
 * message, life of the conversation.
 */
export async function applyMessage(
  work: UnitOfWork,
  event: InboundMessage,
  receivedAt: number,
  environment: ApplyEnvironment,
): Promise<EventOutcome> {
  if (work.messageByExternalId(event.externalId)) {
    return { state: 'duplicate', reason: 'a message with this id is already here' };
  }
  const ownAddress = environment.ownAddress.toLowerCase();
  const customer = findOrCreateCustomer(
    work,
    [toSenderKey(event, work.account.id)],
    event.sender.name,
    receivedAt,
    environment.createId,
  );
  const found = findConversation(work, event, customer.id);
  const follows = found !== null && isPastReopening(found, receivedAt);
  const base =
    found && !follows
      ? found
      : createConversation({
          id: environment.createId(),
          customerId: customer.id,
          channelAccountId: work.account.id,
          channelKind: work.account.kind,
          subject: event.subject,
          createdAt: receivedAt,
          previousId: follows ? found.id : null,
        });
  const messageId = environment.createId();
  const attachments: Attachment[] = [];
  for (const attachment of event.attachments) {
    attachments.push(await takeAttachment(work, attachment, { conversationId: base.id, messageId }, environment));
  }
  attachments.push(...takeUploads(work, event, base.id));
  const message: Message & { externalId: string } = {
    id: messageId,
    conversationId: base.id,
    channelAccountId: work.account.id,
    direction: 'in',
    kind: 'text',
    urgency: 'normal',
    authorType: 'customer',
    authorId: customer.id,
    from: event.from,
    to: event.to,
    cc: event.cc,
    bcc: [],
    replyToAddresses: event.replyTo.filter(
      (address) => address.address.toLowerCase() !== event.from.address.toLowerCase(),
    ),
    subject: event.subject,
    text: event.text,
    html: event.html === null ? null : sanitiseHtml(event.html),
    attachments,
    mentions: [],
    status: 'received',
    failure: null,
    externalId: event.externalId,
    references: event.references,
    replyTo: null,
    sentAt: event.sentAt,
    receivedAt,
    createdSeq: 0,
    deleted: false,
    edits: [],
  };
  work.putMessage(message);
  const everyone = [event.from, ...event.to, ...event.cc, ...event.replyTo].map((address) =>
    address.address.toLowerCase(),
  );
  work.putConversation(
    receiveCustomerMessage(base, {
      id: messageId,
      at: receivedAt,
      // A picture without words is its name in lists; a mail has its subject.
      text:
        event.text.trim() === '' && event.medium === 'chat'
          ? attachments.map((one) => one.name).join(', ')
          : event.text,
      subject: event.subject,
      participants: [...new Set([event.sender.value, ...everyone])].filter(
        (address) => address !== ownAddress && address !== '',
      ),
    }),
  );
  work.putReferences(toThreadIds(event), base.id);
  return { state: 'processed' };
}

function findConversation(work: UnitOfWork, event: InboundMessage, customerId: string): Conversation | null {
  const { conversationsByReference: known } = work;
  if (event.medium === 'chat') return findChatThread(known.get(visitorReference(event.sender.value)) ?? []);
  return findThread(known, event.externalId, event.references, { customerId, address: event.sender.value });
}

/** Files the visitor uploaded before; one that is not his is left out. */
function takeUploads(work: UnitOfWork, event: InboundMessage, conversationId: string): Attachment[] {
  return (event.uploadIds ?? []).flatMap((id) => {
    const upload = work.claimUpload(id, visitorReference(event.sender.value), conversationId);
    if (!upload) return [];
    const { name, contentType, sizeBytes, sha256 } = upload;
    return [{ id, name, contentType, sizeBytes, sha256 }];
  });
}

async function takeAttachment(
  work: UnitOfWork,
  attachment: InboundAttachment,
  owner: { conversationId: string; messageId: string },
  environment: ApplyEnvironment,
): Promise<Attachment> {
  const id = environment.createId();
  const { source } = attachment;
  const stored =
    'content' in source ? await environment.storeFile(source.content) : { sha256: null, sizeBytes: source.sizeBytes };
  work.putAttachment({
    id,
    sha256: stored.sha256,
    name: attachment.name,
    contentType: attachment.contentType,
    sizeBytes: stored.sizeBytes,
    sourceUrl: 'url' in source ? source.url : null,
    ...owner,
  });
  return {
    id,
    name: attachment.name,
    contentType: attachment.contentType,
    sizeBytes: stored.sizeBytes,
    sha256: stored.sha256,
    ...(attachment.contentId === null ? {} : { contentId: attachment.contentId }),
  };
}
