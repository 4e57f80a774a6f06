import { officeHoursSchema } from '@tradewind/shared/chat/office-hours';
import { z } from 'zod';

const preChatFieldSchema = z.enum(['off', 'optional', 'required'], 'must be off, optional or required');

/** The settings of one website chat (platforms/config-keys.md). */
export const webChatConfigSchema = z.strictObject({
  /** Origins of the pages the chat is on, as browsers name them: scheme, host and, where unusual, port. */
  allowedOrigins: z
    .array(
      z
        .string()
        .trim()
        .transform((text) => text.replace(/\/$/, ''))
        .refine(isOrigin, 'must be an origin such as https://www.shop.example, without a path'),
    )
    .max(100)
    .transform((origins) => [...new Set(origins.map((origin) => new URL(origin).origin))]),
  /** Signs visitor identities and the posts of the shop's own backend. */
  identitySecret: z.string().min(1, 'Enter the secret, or leave the field out.').max(500).optional(),
  greeting: z.string().trim().max(500).optional(),
  accentColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #0b6e4f')
    .optional(),
  officeHours: officeHoursSchema.optional(),
  preChat: z
    .strictObject({ name: preChatFieldSchema.default('off'), email: preChatFieldSchema.default('off') })
    .default({ name: 'off', email: 'off' }),
  askRating: z.boolean().default(true),
});

export type WebChatConfig = z.output<typeof webChatConfigSchema>;

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return false;
  // Nothing but scheme, host and port: what `origin` keeps is all that was written.
  return url.href === `${url.origin}/` && !/[?#@\\]/.test(text);
}
