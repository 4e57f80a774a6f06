import type { Customer, Identity } from '@tradewind/shared/schemas/customer';
import type { UnitOfWork } from './unit-of-work.ts';
import type { IdentityKey } from './wanted.ts';

/**
 * The customer who has one of these identities, the first known one deciding; a new one when none is known. Identities
 * nobody has yet are added to them, so that a shop's customer number and a mail address come to mean the same person.
 *
 * @param keys - exact identities, strongest first; at least one.
 */
export function findOrCreateCustomer(
  work: UnitOfWork,
  keys: readonly IdentityKey[],
  name: string,
  nowMs: number,
  createId: () => string,
): Customer {
  const ownerId = keys.map((key) => work.findCustomerId(key)).find((id) => id !== null) ?? null;
  const known = ownerId === null ? null : work.customer(ownerId);
  const customer: Customer = known ?? {
    id: createId(),
    name: '',
    identities: [],
    emails: [],
    phones: [],
    locale: null,
    tags: [],
    attributes: {},
    optOuts: [],
    mergedInto: null,
    createdAt: nowMs,
    createdSeq: 0,
  };
  const missing = keys.filter((key) => work.findCustomerId(key) === null);
  const named = customer.name === '' && name.trim() !== '';
  if (known && missing.length === 0 && !named) return known;
  const added = missing.map((key): Identity => ({ ...key, claimed: false }));
  const next: Customer = {
    ...customer,
    name: named ? name.trim() : customer.name,
    identities: [...customer.identities, ...added],
    emails: [...customer.emails, ...added.filter((one) => one.kind === 'email').map((one) => one.value)],
    phones: [...customer.phones, ...added.filter((one) => one.kind === 'phone').map((one) => one.value)],
  };
  work.putCustomer(next);
  for (const key of missing) work.putIdentity(key, next.id);
  return next;
}
