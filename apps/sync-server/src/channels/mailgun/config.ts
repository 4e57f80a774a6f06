import { z } from 'zod';
import { isMailAddress, parseAddresses } from '../../mail/addresses.ts';

const DOMAIN = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+$/i;

/** The settings of one Mailgun domain (platforms/config-keys.md). */
export const mailgunConfigSchema = z.strictObject({
  /** The HTTP webhook signing key, which is not the API key. */
  signingKey: z.string().min(1, 'Enter the HTTP webhook signing key.'),
  apiKey: z.string().min(1, 'Enter the API key, or leave the field out.').optional(),
  domain: z.string().trim().toLowerCase().regex(DOMAIN, 'Enter the sending domain, such as mail.shop.example.'),
  fromAddress: z
    .string()
    .trim()
    .max(500)
    .refine(isSenderAddress, 'Enter a mail address, with or without a name: Support <support@mail.shop.example>.'),
  // Mailgun retries for 8 hours and may not sign again: 9 hours (platforms/mailgun.md, Verification).
  maxAgeSeconds: z.number().int().min(15).max(604_800).default(32_400),
  apiBaseUrl: z
    .url({ protocol: /^https?$/, error: 'Enter an http or https address.' })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.mailgun.net'),
});

export type MailgunConfig = z.infer<typeof mailgunConfigSchema>;

function isSenderAddress(value: string): boolean {
  const addresses = parseAddresses(value);
  return addresses.length === 1 && !/[\r\n]/.test(value) && isMailAddress(addresses[0]?.address ?? '');
}
