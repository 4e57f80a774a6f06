import type { Customer, Identity } from '@tradewind/shared/schemas/customer';
import type { InboundEvent, VouchedIdentity } from '../connector.ts';
import { visitorReference } from '../db/visitor-reference.ts';
import { findOrCreateCustomer } from './customers.ts';
import type { ApplyEnvironment, EventOutcome } from './outcome.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { type IdentityKey, identityId, visitorKey, type Wanted } from './wanted.ts';

type VisitorEvent = Extract<InboundEvent, { type: 'visitor' }>;

export function wantForVisitor(event: VisitorEvent, accountId: string, wanted: Wanted): void {
  for (const key of [visitorKey(accountId, event.visitor), ...vouchedKeys(event.vouched, accountId)]) {
    wanted.identities.set(identityId(key), key);
  }
  wanted.threadIds.add(visitorReference(event.visitor));
}

/** What the shop vouches for, strongest first. */
function vouchedKeys(vouched: VouchedIdentity | null, accountId: string): IdentityKey[] {
  if (!vouched) return [];
  const { subject, email, phone } = vouched;
  return [
    visitorKey(accountId, `${SUBJECT}${subject}`),
    ...(email === null ? [] : [{ kind: 'email', scope: '', value: email } as const]),
    ...(phone === null ? [] : [{ kind: 'phone', scope: '', value: phone } as const]),
  ];
}

const SUBJECT = 'user:';

/**
 * Takes in who a visitor is (design: Identity). What the shop vouches for makes him the customer who has that address or
 * number in mail and orders; what he typed is shown as claimed, and joins and opens nothing.
 */
export function applyVisitor(
  work: UnitOfWork,
  event: VisitorEvent,
  receivedAt: number,
  { createId }: Pick<ApplyEnvironment, 'createId'>,
): EventOutcome {
  const own = visitorKey(work.account.id, event.visitor);
  const before = work.findCustomerId(own);
  const keys = [...vouchedKeys(event.vouched, work.account.id), own];
  const owner = keys.map((key) => work.findCustomerId(key)).find((id) => id !== null) ?? null;
  const wasAnonymous = isAnonymous(owner === null ? null : work.customer(owner));
  const found = findOrCreateCustomer(work, keys, event.vouched?.name ?? '', receivedAt, createId);
  const customer = before === null || before === found.id ? found : moveVisitor(work, event.visitor, before, found);
  const next = describe(customer, event, wasAnonymous);
  if (next === customer) return { state: 'processed', reason: 'nothing new' };
  work.putCustomer(next);
  return { state: 'processed' };
}

/** Known only by visiting: nobody vouches for anything about him. */
function isAnonymous(customer: Customer | null): boolean {
  return (
    customer?.identities.every((one) => one.claimed || (one.kind === 'external' && !one.value.startsWith(SUBJECT))) ??
    true
  );
}

/**
 * The conversations of a visitor who turns out to be a known customer become that customer's.
 *
 * @returns the customer, who is known as this visitor too from now on.
 */
function moveVisitor(work: UnitOfWork, visitor: string, fromId: string, to: Customer): Customer {
  const key = visitorKey(work.account.id, visitor);
  work.moveIdentity(key, to.id);
  for (const conversation of work.conversationsByReference.get(visitorReference(visitor)) ?? []) {
    if (conversation.customerId === fromId) work.putConversation({ ...conversation, customerId: to.id });
  }
  const from = work.customer(fromId);
  if (from) {
    const left = from.identities.filter((one) => identityId(one) !== identityId(key));
    // Nothing but what was claimed is left: there never was another person.
    const mergedInto = left.every((one) => one.claimed) ? to.id : from.mergedInto;
    work.putCustomer({ ...from, identities: left, mergedInto });
  }
  const next: Customer = { ...to, identities: [...to.identities, { ...key, claimed: false }] };
  work.putCustomer(next);
  return next;
}

/** The customer with what the event says, or the very same one when it says nothing new. */
function describe(given: Customer, event: VisitorEvent, mayRename: boolean): Customer {
  const { vouched, claimed, language, page } = event;
  let next = given;
  // A name typed into a form never replaces one that somebody vouches for.
  const name = vouched?.name || (vouched ? '' : claimed.name) || '';
  if (name !== '' && name !== next.name && mayRename) next = { ...next, name };
  next = withClaim(next, 'email', claimed.email?.toLowerCase() ?? null);
  next = withClaim(next, 'phone', claimed.phone);
  if (language !== null && next.locale === null) next = { ...next, locale: language };
  if (page !== null && next.attributes.page !== page) next = { ...next, attributes: { ...next.attributes, page } };
  return next;
}

/** The newest claim of a kind stands in place of the last; what is verified need not be claimed. */
function withClaim(customer: Customer, kind: 'email' | 'phone', value: string | null): Customer {
  const isOther = (one: Identity) => !(one.claimed && one.kind === kind);
  const verified = kind === 'email' ? customer.emails : customer.phones;
  const claims = customer.identities.filter((one) => !isOther(one)).map((one) => one.value);
  const wanted = value ?? claims[0] ?? '';
  const next = wanted === '' || verified.includes(wanted) ? [] : [wanted];
  if (claims.join('\n') === next.join('\n')) return customer;
  const added = next.map((one): Identity => ({ kind, scope: '', value: one, claimed: true }));
  return { ...customer, identities: [...customer.identities.filter(isOther), ...added] };
}
