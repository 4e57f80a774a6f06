import { z } from 'zod';

/**
 * How a customer is recognised (design: Identity). `email` and `phone` hold across accounts; `external` belongs to one
 * channel account or store, named by `scope`. A claimed identity was merely typed by a visitor and joins nothing.
 */
export const identitySchema = z.object({
  kind: z.enum(['email', 'phone', 'external']),
  scope: z.string(),
  value: z.string(),
  claimed: z.boolean(),
});
export type Identity = z.infer<typeof identitySchema>;

export const customerSchema = z.object({
  id: z.string(),
  name: z.string(),
  identities: z.array(identitySchema),
  emails: z.array(z.string()),
  phones: z.array(z.string()),
  locale: z.string().nullable(),
  tags: z.array(z.string()),
  attributes: z.record(z.string(), z.string()),
  optOuts: z.array(z.object({ channel: z.string(), at: z.number(), reason: z.string() })),
  mergedInto: z.string().nullable(),
  createdAt: z.number(),
  createdSeq: z.number(),
});
export type Customer = z.infer<typeof customerSchema>;
