import { chatLanguages } from '@tradewind/shared/chat/wire';
import { z } from 'zod';
import { mailgunEvents } from '../mailgun/event.ts';
import { inboundForms } from '../mailgun/mail.ts';
import { faultKinds } from '../outgoing/faults.ts';

// Bodies of the control API. They are what packages/fault-lab/README.md documents.

const text = z.string().min(1);
const webhookUrl = z.url();
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be decimal text such as "12.50"');
const id = z.number().int().positive();

export const mailgunAccountSchema = z.strictObject({
  id: text.optional(),
  domain: text,
  apiKey: text,
  signingKey: text,
  webhookUrl,
  address: text.optional(),
});

export const shopifyAccountSchema = z.strictObject({
  id: text.optional(),
  shop: text,
  clientSecret: text,
  accessToken: text,
  webhookUrl,
  apiVersion: text.optional(),
});

const mailAddressSchema = z.union([text, z.strictObject({ name: z.string(), address: text })]);

const attachmentSchema = z
  .strictObject({ name: text, contentType: text, contentBase64: z.base64(), contentId: text.optional() })
  .transform(({ contentBase64, ...file }) => ({ ...file, content: Buffer.from(contentBase64, 'base64') }));

const mailContent = {
  subject: z.string().optional(),
  text: z.string().optional(),
  html: z.string().optional(),
  attachments: z.array(attachmentSchema).optional(),
  form: z.enum(inboundForms).optional(),
};

export const inboundSchema = z.strictObject({
  ...mailContent,
  accountId: text.optional(),
  from: mailAddressSchema,
  to: text.optional(),
  cc: text.optional(),
  messageId: text.optional(),
  inReplyTo: text.optional(),
  references: z.array(text).optional(),
});

export const answerSchema = z.strictObject({
  ...mailContent,
  from: z.strictObject({ name: z.string(), address: text }).optional(),
});

export const eventSchema = z.strictObject({
  event: z.enum(mailgunEvents),
  recipient: text.optional(),
  severity: z.enum(['permanent', 'temporary']).optional(),
  code: z.number().int().optional(),
  message: z.string().optional(),
});

export const mailgunSettingsSchema = z
  .strictObject({
    autoDeliver: z.boolean(),
    deliverAfterMs: z.number().nonnegative(),
    retryScale: z.number().nonnegative(),
  })
  .partial();

export const shopifySettingsSchema = z
  .strictObject({ escaped: z.boolean(), flavour: z.enum(['classic', 'events']), retryScale: z.number().nonnegative() })
  .partial();

export const webChatAccountSchema = z.strictObject({
  id: text,
  serverUrl: z.url(),
  origin: text.optional(),
  identitySecret: text.nullable().optional(),
});

const profileFields = { name: z.string().optional(), email: z.string().optional(), phone: z.string().optional() };
export const profileSchema = z.strictObject(profileFields);

export const visitorSchema = z.strictObject({
  accountId: text.optional(),
  token: text.nullable().optional(),
  profile: profileSchema.optional(),
  customer: z.strictObject({ subject: text, ...profileFields }).optional(),
  identity: text.optional(),
  language: z.enum(chatLanguages).optional(),
  page: text.optional(),
  tabs: z.number().int().min(1).max(20).optional(),
});

export const saySchema = z.strictObject({
  text: z.string().default(''),
  id: text.optional(),
  times: z.number().int().min(1).max(100).optional(),
  attachments: z.array(attachmentSchema).optional(),
});
export const relaySchema = z.strictObject({
  accountId: text.optional(),
  visitor: text,
  vouched: z.strictObject({ subject: text, ...profileFields }).optional(),
  language: z.string().optional(),
  page: z.string().optional(),
  events: z.array(z.looseObject({ type: text })).min(1),
});
export const typingSchema = z.strictObject({ typing: z.boolean() });
export const offlineSchema = z.strictObject({ durationMs: z.number().positive().optional() });
export const tabsSchema = z.strictObject({ count: z.number().int().min(1).max(20) });
export const ratingSchema = z.strictObject({ score: z.number().int(), comment: z.string().optional() });
export const receiptSchema = z.strictObject({ delivered: z.array(text).optional(), read: z.array(text).optional() });

export const webChatSettingsSchema = z
  .strictObject({
    deliveredAfterMs: z.number().nonnegative().nullable(),
    readAfterMs: z.number().nonnegative().nullable(),
  })
  .partial();

export const faultSchema = z.strictObject({
  kind: z.enum(faultKinds),
  count: z.number().int().positive().nullable().optional(),
  recipient: text.optional(),
  topic: text.optional(),
  delayMs: z.number().nonnegative().optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
});

const postalAddressSchema = z
  .strictObject({
    first_name: z.string(),
    last_name: z.string(),
    address1: z.string(),
    address2: z.string(),
    city: z.string(),
    province: z.string(),
    zip: z.string(),
    country: z.string(),
    country_code: z.string(),
    phone: z.string(),
  })
  .partial();

export const orderSchema = z.strictObject({
  shop: text.optional(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as JPY'),
  lines: z
    .array(
      z.strictObject({
        title: text,
        quantity: id,
        price: decimal,
        sku: z.string().optional(),
        variant: z.string().optional(),
      }),
    )
    .min(1),
  customer: z
    .strictObject({
      id: id.nullable().optional(),
      firstName: z.string(),
      lastName: z.string(),
      email: z.string().nullable().optional(),
      phone: z.string().nullable().optional(),
    })
    .nullable()
    .optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  shippingAddress: postalAddressSchema.nullable().optional(),
  shipping: decimal.optional(),
  discount: decimal.optional(),
  taxPercent: z.number().nonnegative().max(100).optional(),
  presentment: z.strictObject({ currency: text, rate: z.number().positive() }).optional(),
  note: z.string().optional(),
  tags: z.array(text).optional(),
  paid: z.boolean().optional(),
  test: z.boolean().optional(),
});

const unitsSchema = z.array(z.strictObject({ lineId: id, quantity: z.number().int().nonnegative() }));

export const payBodySchema = z.strictObject({ shop: text.optional() });
export const editBodySchema = z.strictObject({
  shop: text.optional(),
  lines: z
    .array(
      z.strictObject({
        lineId: id.optional(),
        title: text.optional(),
        price: decimal.optional(),
        quantity: z.number().int().nonnegative(),
      }),
    )
    .optional(),
  note: z.string().optional(),
  tags: z.array(text).optional(),
  email: z.string().optional(),
  shippingAddress: postalAddressSchema.optional(),
});
export const shipBodySchema = z.strictObject({
  shop: text.optional(),
  trackingNumber: text.optional(),
  carrier: text.optional(),
  trackingUrl: z.url().optional(),
  lines: unitsSchema.optional(),
});
export const trackBodySchema = z.strictObject({
  shop: text.optional(),
  status: z.enum(['confirmed', 'in_transit', 'out_for_delivery', 'delivered', 'failure']).default('delivered'),
});
export const refundBodySchema = z.strictObject({
  shop: text.optional(),
  lines: unitsSchema.optional(),
  amount: decimal.optional(),
  note: z.string().optional(),
  restock: z.boolean().optional(),
  failed: z.boolean().optional(),
});
export const cancelBodySchema = z.strictObject({
  shop: text.optional(),
  reason: z.enum(['customer', 'fraud', 'inventory', 'declined', 'other']).default('customer'),
});
