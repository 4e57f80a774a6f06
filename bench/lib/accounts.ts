import type { BenchServer } from './processes.ts';
import { MAILGUN_KEY, SHOP_DOMAIN, SHOPIFY_SECRET } from './requests.ts';

export interface BenchAccounts {
  mailgunPath: string;
  shopifyPath: string;
  mailgunId: string;
  shopifyId: string;
}

/** Connects one mail account and one shop as an admin would. */
export async function connectAccounts(server: BenchServer): Promise<BenchAccounts> {
  const channel = (await server.api('POST', '/api/channels', {
    kind: 'mailgun',
    name: 'Bench mail',
    config: {
      signingKey: MAILGUN_KEY,
      apiKey: 'unused',
      domain: 'bench.example',
      fromAddress: 'support@bench.example',
    },
  })) as { id: string };
  const store = (await server.api('POST', '/api/stores', {
    kind: 'shopify',
    name: 'Bench shop',
    config: { clientSecret: SHOPIFY_SECRET, shop: SHOP_DOMAIN },
  })) as { id: string };
  return {
    mailgunId: channel.id,
    shopifyId: store.id,
    mailgunPath: `/webhooks/mailgun/${channel.id}`,
    shopifyPath: `/webhooks/shopify/${store.id}`,
  };
}
