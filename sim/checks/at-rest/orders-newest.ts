import type { Check } from './check.ts';

/** [R12] [R13] Of each order the newest version that was accepted, whatever order they came in, and the order once. */
export const ordersNewest: Check = {
  rule: 'R12 R13',
  async find({ witness }, database) {
    const { rows } = await database.query<{ external_id: string; updated_at: number; count: number }>(
      `select doc->>'externalId' as external_id, max((doc->>'externalUpdatedAt')::float8) as updated_at, count(*)::int
       from orders group by 1`,
    );
    const orders = new Map(rows.map((row) => [row.external_id, row]));
    const newest = new Map<string, number>();
    for (const { kind, accepted, externalId, updatedAt } of witness.events) {
      if (kind === 'order' && accepted) newest.set(externalId, Math.max(newest.get(externalId) ?? 0, updatedAt));
    }
    return [...newest].flatMap(([id, updatedAt]) => {
      const order = orders.get(id);
      if (!order) return [`order ${id} was accepted and is not there`];
      if (order.count > 1) return [`order ${id} is there ${order.count} times`];
      return order.updated_at < updatedAt ? [`order ${id} is older than a version that was accepted`] : [];
    });
  },
};
