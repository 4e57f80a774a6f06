import type { Order } from '@tradewind/shared/schemas/order';
import type { InboundEvent, IncomingOrder } from '../connector.ts';
import { currentTotalAfter, isSameOrder, mergeFulfilments, mergeRefunds, sumRefunds } from '../domain/order-merge.ts';
import { findOrCreateCustomer } from './customers.ts';
import type { ApplyEnvironment, EventOutcome } from './outcome.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { type IdentityKey, identityId, type Wanted } from './wanted.ts';

type OrderEnvironment = Pick<ApplyEnvironment, 'createId' | 'orderStatus'>;

type OrderEvent = Extract<InboundEvent, { type: 'order' | 'order-deleted' | 'refund' | 'fulfilment' }>;

export function wantForOrder(event: OrderEvent, storeId: string, wanted: Wanted): void {
  if (event.type === 'order') {
    wanted.orders.add(event.order.externalId);
    for (const key of customerKeys(event.order, storeId)) wanted.identities.set(identityId(key), key);
  } else wanted.orders.add(event.type === 'order-deleted' ? event.externalId : event.orderExternalId);
}

/** Strongest first: the shop's own customer number, then addresses. A guest without any has no customer. */
function customerKeys(order: IncomingOrder, storeId: string): IdentityKey[] {
  const { externalId, email, phone } = order.customer;
  return [
    ...(externalId === null ? [] : [{ kind: 'external', scope: storeId, value: externalId } as const]),
    ...(email === null ? [] : [{ kind: 'email', scope: '', value: email } as const]),
    ...(phone === null ? [] : [{ kind: 'phone', scope: '', value: phone } as const]),
  ];
}

/** Brings an order up to what the shop says (R12): older versions change nothing, parts are merged by their ids. */
export function applyOrderEvent(
  work: UnitOfWork,
  event: OrderEvent,
  receivedAt: number,
  environment: OrderEnvironment,
): EventOutcome {
  if (event.type === 'order') return applyOrder(work, event.order, receivedAt, environment);
  if (event.type === 'order-deleted') {
    work.putOrderPart(event.externalId, {
      kind: 'deletion',
      updatedAt: event.at,
      doc: { externalId: event.externalId },
    });
    return refresh(work, event.externalId, environment);
  }
  if (event.type === 'refund') {
    work.putOrderPart(event.orderExternalId, { kind: 'refund', updatedAt: event.updatedAt, doc: event.refund });
    return refresh(work, event.orderExternalId, environment);
  }
  const known = work
    .orderParts(event.orderExternalId)
    .find((part) => part.kind === 'fulfilment' && part.doc.externalId === event.fulfilment.externalId);
  if (known && known.updatedAt > event.fulfilment.updatedAt) {
    return { state: 'processed', reason: 'older than what is stored' };
  }
  work.putOrderPart(event.orderExternalId, {
    kind: 'fulfilment',
    updatedAt: event.fulfilment.updatedAt,
    doc: event.fulfilment,
  });
  return refresh(work, event.orderExternalId, environment);
}

function applyOrder(
  work: UnitOfWork,
  incoming: IncomingOrder,
  receivedAt: number,
  environment: OrderEnvironment,
): EventOutcome {
  const stored = work.order(incoming.externalId);
  if (stored && incoming.externalUpdatedAt < stored.externalUpdatedAt) {
    return { state: 'processed', reason: 'older than what is stored' };
  }
  const { customer: contact, ...facts } = incoming;
  const keys = customerKeys(incoming, work.account.id);
  const customer =
    keys.length === 0 ? null : findOrCreateCustomer(work, keys, contact.name, receivedAt, environment.createId);
  const order: Order = {
    ...facts,
    id: stored?.id ?? environment.createId(),
    storeId: work.account.id,
    // The shop may leave the customer out of a later body (privacy settings); who it was is not forgotten.
    customerId: customer?.id ?? stored?.customerId ?? null,
    version: (stored?.version ?? 0) + 1,
    createdSeq: 0,
    deleted: stored?.deleted ?? false,
  };
  return keep(work, withParts(work, order, environment), stored);
}

/** Merges parts that came by themselves into the stored order; without an order they wait for it. */
function refresh(work: UnitOfWork, externalId: string, environment: OrderEnvironment): EventOutcome {
  const stored = work.order(externalId);
  if (!stored) return { state: 'processed', reason: 'kept until its order comes' };
  return keep(work, withParts(work, { ...stored, version: stored.version + 1 }, environment), stored);
}

function keep(work: UnitOfWork, order: Order, stored: Order | null): EventOutcome {
  if (stored && isSameOrder(order, stored)) return { state: 'processed', reason: 'nothing new' };
  work.putOrder(order);
  return { state: 'processed' };
}

function withParts(work: UnitOfWork, order: Order, environment: OrderEnvironment): Order {
  const parts = work.orderParts(order.externalId);
  const refunds = mergeRefunds(
    parts.flatMap((part) => (part.kind === 'refund' ? [part.doc] : [])),
    order.refunds,
  );
  const fulfilments = mergeFulfilments(
    order.fulfilments,
    parts.flatMap((part) => (part.kind === 'fulfilment' ? [part.doc] : [])),
  );
  const merged = {
    ...order,
    refunds,
    fulfilments,
    refundedMinor: sumRefunds(refunds, order.currency),
    currentTotalMinor: currentTotalAfter(order, refunds),
    deleted: order.deleted || parts.some((part) => part.kind === 'deletion'),
  };
  return { ...merged, status: environment.orderStatus(merged) };
}
