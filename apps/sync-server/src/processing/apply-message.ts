import type { Attachment, Message } from '@tradewind/shared/schemas/message';
import type { InboundAttachment, InboundEvent } from '../connector.ts';
import { createConversation, isPastReopening, receiveCustomerMessage } from '../domain/conversation-life.ts';
import { findThread } from '../domain/threading.ts';
import { sanitiseHtml } from '../mail/sanitize.ts';
import { findOrCreateCustomer } from './customers.ts';
import type { ApplyEnvironment, EventOutcome } from './outcome.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { identityId, type Wanted } from './wanted.ts';

type InboundMail = Extract<InboundEvent, { type: 'message' }>;

export function wantForMessage(event: InboundMail, wanted: Wanted): void {
  const key = { kind: event.sender.kind, scope: '', value: event.sender.value } as const;
  wanted.identities.set(identityId(key), key);
  wanted.messageIds.add(event.externalId);
  for (const id of [event.externalId, ...event.references]) wanted.threadIds.add(id);
}

/** Takes a customer's mail in: customer by exact identity, conversation by references (R14), message, life of the conversation. */
export async function applyMessage(
  work: UnitOfWork,
  event: InboundMail,
  receivedAt: number,
  environment: ApplyEnvironment,
): Promise<EventOutcome> {
  if (work.messageByExternalId(event.externalId)) {
    return { state: 'duplicate', reason: 'a message with this id is already here' };
  }
  const ownAddress = environment.ownAddress.toLowerCase();
  const customer = findOrCreateCustomer(
    work,
    [{ kind: event.sender.kind, scope: '', value: event.sender.value }],
    event.sender.name,
    receivedAt,
    environment.createId,
  );
  const found = findThread(work.conversationsByReference, event.externalId, event.references, {
    customerId: customer.id,
    address: event.sender.value,
  });
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
      at: receivedAt,
      text: event.text,
      subject: event.subject,
      participants: [...new Set([event.sender.value, ...everyone])].filter(
        (address) => address !== ownAddress && address !== '',
      ),
    }),
  );
  work.putReferences([event.externalId, ...event.references], base.id);
  return { state: 'processed' };
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
