import { z } from 'zod';

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** The settings of one Shopify shop (platforms/config-keys.md). */
export const shopifyConfigSchema = z
  .strictObject({
    /** The app's client secret, or the secret shown on the shop's Notifications page. */
    clientSecret: z.string().min(1, 'Enter the secret that webhooks are signed with.'),
    shop: z
      .string()
      .transform(toShopDomain)
      .pipe(z.string().regex(HOST, 'Enter the shop domain, such as name.myshopify.com.')),
    accessToken: z.string().min(1, 'Enter the Admin API access token, or leave the field out.').optional(),
    apiVersion: z
      .string()
      .regex(/^(\d{4}-\d{2}|unstable)$/, 'Enter an API version, such as 2026-07.')
      .default('2026-07'),
    pollMinutes: z.number().int().min(1).max(1_440).default(10),
    apiBaseUrl: z
      .url({ protocol: /^https?$/, error: 'Enter an http or https address.' })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
  })
  .transform((config) => ({ ...config, apiBaseUrl: config.apiBaseUrl ?? `https://${config.shop}` }));

export type ShopifyConfig = z.infer<typeof shopifyConfigSchema>;

/** `https://Name.myshopify.com/admin` as `name.myshopify.com`: people paste what the address bar shows. */
export function toShopDomain(value: string): string {
  return value
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '');
}
