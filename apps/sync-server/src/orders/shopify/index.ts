import type { StoreConnector } from '../../connector.ts';
import { type ShopifyConfig, shopifyConfigSchema } from './config.ts';
import { parseShopify } from './parse.ts';
import { readOrder } from './read.ts';
import { toShopifyStatus } from './status.ts';
import { verifyShopify } from './verify.ts';

export const shopifyConnector: StoreConnector<ShopifyConfig> = {
  kind: 'shopify',
  configSchema: shopifyConfigSchema,
  secretKeys: ['clientSecret', 'accessToken'],
  maxBodyBytes: 5 * 1024 * 1024,
  verify: verifyShopify,
  parse: (request, _config, receivedAtMs) => parseShopify(request, receivedAtMs),
  displayAddress: (config) => config.shop,
  orderStatus: toShopifyStatus,
  mayReadOrders: (config) => config.accessToken !== undefined,
  readOrder,
};
