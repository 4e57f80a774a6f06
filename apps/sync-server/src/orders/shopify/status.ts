import type { OrderStatus } from '@tradewind/shared/schemas/order';
import type { OrderFacts } from '../../connector.ts';

/** Where a Shopify order stands, in our one word. The end of an order outweighs its money, its money its parcels. */
export function toShopifyStatus({
  cancelledAt,
  financialStatus,
  fulfilmentStatus,
  fulfilments,
}: OrderFacts): OrderStatus {
  if (cancelledAt !== null || financialStatus === 'voided') return 'cancelled';
  if (financialStatus === 'refunded') return 'refunded';
  if (fulfilmentStatus === 'fulfilled') {
    const parcels = fulfilments.filter((parcel) => !['cancelled', 'error', 'failure'].includes(parcel.status));
    const arrived = parcels.length > 0 && parcels.every((parcel) => parcel.shipmentStatus === 'delivered');
    return arrived ? 'delivered' : 'shipped';
  }
  const isPaidFor =
    financialStatus === 'paid' || financialStatus === 'authorized' || financialStatus?.startsWith('partially_');
  return isPaidFor ? 'processing' : 'pending';
}
