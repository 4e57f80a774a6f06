import { z } from 'zod';

export const orderStatuses = [
  'pending',
  'processing',
  'on_hold',
  'shipped',
  'delivered',
  'cancelled',
  'refunded',
] as const;
export const orderStatusSchema = z.enum(orderStatuses);
export type OrderStatus = z.infer<typeof orderStatusSchema>;

export const orderLineSchema = z.object({
  externalId: z.string(),
  title: z.string(),
  sku: z.string(),
  quantity: z.number(),
  /** Quantity left after edits and refunds. */
  currentQuantity: z.number(),
  unitPriceMinor: z.number(),
  productId: z.string().nullable(),
  variantId: z.string().nullable(),
});
export type OrderLine = z.infer<typeof orderLineSchema>;

export const fulfilmentSchema = z.object({
  externalId: z.string(),
  trackingNumber: z.string().nullable(),
  carrier: z.string().nullable(),
  /** Only ever http or https. */
  url: z.string().nullable(),
  /** The shop's own word: `pending`, `open`, `success`, `cancelled`, `error`, `failure`. */
  status: z.string(),
  shipmentStatus: z.string().nullable(),
  updatedAt: z.number(),
});
export type Fulfilment = z.infer<typeof fulfilmentSchema>;

export const refundSchema = z.object({
  externalId: z.string(),
  /** Sum of the successful refund transactions; may be 0. */
  amountMinor: z.number(),
  currency: z.string(),
  note: z.string(),
  createdAt: z.number(),
  lines: z.array(z.object({ lineExternalId: z.string(), quantity: z.number(), subtotalMinor: z.number().nullable() })),
});
export type Refund = z.infer<typeof refundSchema>;

export const postalAddressSchema = z.object({
  name: z.string(),
  company: z.string(),
  line1: z.string(),
  line2: z.string(),
  city: z.string(),
  region: z.string(),
  postalCode: z.string(),
  country: z.string(),
  phone: z.string(),
});
export type PostalAddress = z.infer<typeof postalAddressSchema>;

export const orderSchema = z.object({
  id: z.string(),
  storeId: z.string(),
  externalId: z.string(),
  /** A label for people, such as `#1001`; never an identity (R13). */
  number: z.string(),
  status: orderStatusSchema,
  /** The shop's own words. */
  financialStatus: z.string().nullable(),
  fulfilmentStatus: z.string().nullable(),
  cancelledAt: z.number().nullable(),
  cancelReason: z.string().nullable(),
  currency: z.string(),
  /** As placed. */
  totalMinor: z.number(),
  /** After edits and refunds. */
  currentTotalMinor: z.number(),
  subtotalMinor: z.number(),
  taxMinor: z.number(),
  discountMinor: z.number(),
  refundedMinor: z.number(),
  refunds: z.array(refundSchema),
  lines: z.array(orderLineSchema),
  fulfilments: z.array(fulfilmentSchema),
  customerId: z.string().nullable(),
  /** Contact data on the order itself; guests may have none. */
  email: z.string().nullable(),
  phone: z.string().nullable(),
  shippingAddress: postalAddressSchema.nullable(),
  note: z.string(),
  tags: z.array(z.string()),
  placedAt: z.number(),
  /** Counts every change we stored; edits name the version they were made on (R12). */
  version: z.number(),
  externalUpdatedAt: z.number(),
  deleted: z.boolean(),
  test: z.boolean(),
  createdSeq: z.number(),
});
export type Order = z.infer<typeof orderSchema>;
