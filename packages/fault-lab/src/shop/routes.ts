import { readFileSync } from 'node:fs';
import { type Request, type Response, Router } from 'express';
import type { ShopifySimulator } from '../shopify/simulator.ts';
import { signIdentity } from '../web-chat/sign-identity.ts';
import type { WebChatSimulator } from '../web-chat/simulator.ts';
import { drawItem } from './art.ts';
import { renderShop, type ShopVariant, type SignedIn, shopVariants } from './page.ts';
import type { ShopLanguage } from './words.ts';

const files = {
  'shop.css': 'text/css',
  'hostile.css': 'text/css',
  'shop.js': 'text/javascript',
  'spa.js': 'text/javascript',
  'account.js': 'text/javascript',
} as const;
const IDENTITY_SECONDS = 3_600;

interface ShopParts {
  shopify: ShopifySimulator;
  webChat: WebChatSimulator;
  clock: () => number;
}

function readLanguage(request: Request): ShopLanguage {
  const { lang } = request.query;
  if (lang === 'en' || lang === 'zh-CN') return lang;
  return request.acceptsLanguages('zh', 'en') === 'zh' ? 'zh-CN' : 'en';
}

/** A lab without a store has a shop without orders. */
function listOrders({ shopify }: ShopParts) {
  return shopify.accounts.size > 0 ? shopify.orders() : [];
}

/** Everybody who has ever bought under an address, newest buyer first. */
function listCustomers(parts: ShopParts) {
  const found = new Map<string, SignedIn['customer']>();
  for (const { customer } of listOrders(parts).toReversed()) {
    if (!customer?.email) continue;
    const name = [customer.first_name, customer.last_name].filter(Boolean).join(' ');
    found.set(String(customer.id), { subject: String(customer.id), name, email: customer.email });
  }
  return [...found.values()];
}

function signIn(parts: ShopParts, request: Request): SignedIn {
  const { webChat, clock } = parts;
  const { customer: chosen, account } = request.query;
  const others = listCustomers(parts);
  const customer = others.find(({ subject }) => subject === chosen) ??
    others[0] ?? { subject: 'sample-customer', name: 'Mia Berg', email: 'mia.berg@example.com' };
  const chat = findChat(webChat, account);
  const secret = chat?.identitySecret ?? null;
  const expiresAt = Math.floor(clock() / 1000) + IDENTITY_SECONDS;
  return {
    customer,
    identity: secret === null ? null : signIdentity(secret, customer, expiresAt),
    orders: listOrders(parts).filter((order) => order.customer?.email === customer.email),
    others: others.length > 0 ? others : [customer],
  };
}

function findChat(webChat: WebChatSimulator, id: unknown) {
  const accounts = [...webChat.accounts.values()];
  return accounts.find((account) => account.id === id) ?? accounts[0] ?? null;
}

/**
 * The strictest policy under which the chat has to work: nothing inline, nothing from anywhere but the shop and the
 * product's server.
 */
function strictPolicy(serverUrl: string): string {
  const socket = serverUrl.replace(/^http/, 'ws');
  return [
    "default-src 'none'",
    `script-src 'self' ${serverUrl}`,
    "style-src 'self'",
    `img-src 'self' ${serverUrl}`,
    `connect-src 'self' ${serverUrl} ${socket}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** `/shop`: a storefront with the product's real chat in it, plain and as several kinds of difficult sites. */
export function createShopRouter(parts: ShopParts): Router {
  const router = Router();

  const show = (variant: ShopVariant) => (request: Request, response: Response) => {
    const account = findChat(parts.webChat, request.query.account);
    const { show: view } = request.query;
    if (variant === 'strict-csp') response.set('content-security-policy', strictPolicy(account?.serverUrl ?? ''));
    response.set({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    const signedIn = variant === 'account' ? signIn(parts, request) : null;
    const page = { variant, language: readLanguage(request), account, signedIn };
    response.type('html').send(renderShop(page, view === 'wear' || view === 'live' ? view : 'all'));
  };
  for (const variant of shopVariants) router.get(variant === 'plain' ? '/' : `/${variant}`, show(variant));

  for (const [name, type] of Object.entries(files)) {
    const content = readFileSync(new URL(name, import.meta.url));
    router.get(`/${name}`, (_request, response) => void response.type(type).send(content));
  }
  router.get('/art/:name', (request, response, next) => {
    const picture = drawItem(request.params.name.replace(/\.svg$/, ''));
    if (picture === null) next();
    else response.type('image/svg+xml').send(picture);
  });
  return router;
}
