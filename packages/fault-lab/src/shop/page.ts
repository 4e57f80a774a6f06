import { items, priceItem, toTitle } from '../demo/goods.ts';
import type { ShopifyOrder } from '../shopify/order.ts';
import type { WebChatAccount } from '../web-chat/account.ts';
import { type Html, html } from './html.ts';
import { type ShopLanguage, type ShopWords, wordsOf } from './words.ts';

export const shopVariants = ['plain', 'strict-csp', 'hostile-css', 'spa', 'account'] as const;
export type ShopVariant = (typeof shopVariants)[number];

/** The customer who has signed in, with what the shop's backend says of him to the chat. */
export interface SignedIn {
  customer: { subject: string; name: string; email: string };
  /** Null when the chat account has no secret. */
  identity: string | null;
  orders: readonly ShopifyOrder[];
  others: readonly { subject: string; name: string }[];
}

export interface ShopPage {
  variant: ShopVariant;
  language: ShopLanguage;
  account: WebChatAccount | null;
  signedIn: SignedIn | null;
}

const pathOf = (variant: ShopVariant): string => (variant === 'plain' ? '/shop' : `/shop/${variant}`);
const WEAR = new Set(['LS-01', 'RJ-07', 'WS-11', 'CB-05', 'KR-09']);

function showPrice(priceCents: number, language: ShopLanguage): string {
  const currency = language === 'zh-CN' ? 'CNY' : 'USD';
  const amount = Number(priceItem(priceCents, currency));
  return new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: 0 }).format(amount);
}

function showGoods(language: ShopLanguage, words: ShopWords, kind: 'all' | 'wear' | 'live'): Html {
  const shown = items.filter(({ sku }) => kind === 'all' || WEAR.has(sku) === (kind === 'wear'));
  const cards = shown.map((item) => {
    const name = language === 'zh-CN' ? item.zh : toTitle(item.en);
    return html`<li><img src="/shop/art/${item.sku}.svg" alt="" width="200" height="200" loading="lazy">
<h3>${name}</h3><p class="price">${showPrice(item.priceCents, language)}</p>
<button type="button" class="add" data-added="${words.added}">${words.add}</button></li>`;
  });
  return html`<ul class="goods">${cards}</ul>`;
}

function showAccount({ customer, identity, orders, others }: SignedIn, words: ShopWords, language: ShopLanguage): Html {
  const rows = orders.map(
    (order) => html`<li><strong>${order.name}</strong>
<span>${order.line_items.map((line) => `${line.quantity} × ${line.title}`).join(', ')}</span>
<span class="state">${order.cancelled_at ? 'cancelled' : (order.fulfillment_status ?? order.financial_status)}</span>
<span class="price">${order.current_total_price} ${order.currency}</span></li>`,
  );
  const options = others.map(
    ({ subject, name }) =>
      html`<option value="${subject}"${subject === customer.subject ? html` selected` : ''}>${name}</option>`,
  );
  return html`<section class="account"><h1>${words.hello.replace('{name}', customer.name)}</h1>
<p>${identity === null ? words.noSecret : words.signedInAs.replace('{email}', customer.email)}</p>
<form method="get" action="/shop/account"><label>${words.signedInAsNobody} <select name="customer">${options}</select></label>
<input type="hidden" name="lang" value="${language}"><button type="submit">${words.switchTo}</button></form>
<h2>${words.yourOrders}</h2><ul class="orders">${rows.length > 0 ? rows : html`<li>${words.noOrders}</li>`}</ul></section>`;
}

function showFront({ language }: ShopPage, words: ShopWords, view: 'all' | 'wear' | 'live'): Html {
  const hero = html`<section class="hero"><div><h1>${words.tagline}</h1><p>${words.intro}</p>
<a class="button" href="#goods">${words.browse}</a></div><img src="/shop/art/TP-22.svg" alt="" width="280" height="280"></section>
<ul class="promises"><li>${words.shipping}</li><li>${words.returns}</li><li>${words.help}</li></ul>`;
  const title = view === 'all' ? words.newIn : words[view];
  return html`${view === 'all' ? hero : ''}<section id="goods"><h2>${title}</h2>${showGoods(language, words, view)}</section>`;
}

/** What a shop puts into its pages to have the chat, and to tell it who has signed in. */
function embedWidget({ account, signedIn }: ShopPage): Html {
  if (!account) return html``;
  const identity = signedIn?.identity
    ? html`<meta name="chat-identity" content="${signedIn.identity}"><script src="/shop/account.js"></script>`
    : '';
  return html`${identity}<script src="${account.serverUrl}/chat/widget.js" data-account="${account.id}" async></script>`;
}

/** One page of the storefront; `view` is what of the goods it shows. */
export function renderShop(page: ShopPage, view: 'all' | 'wear' | 'live'): string {
  const { variant, language, account, signedIn } = page;
  const words = wordsOf(language);
  const base = pathOf(variant);
  const link = (path: string, show?: string) =>
    `${path}?${new URLSearchParams({ lang: language, ...(show ? { show } : {}) })}`;
  const goods = variant === 'account' ? '/shop' : base;
  const variants = [
    ['plain', words.plain],
    ['strict-csp', words.strict],
    ['hostile-css', words.hostile],
    ['spa', words.spa],
    ['account', words.account],
  ] as const;
  return html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.shop}</title>
<link rel="icon" href="/shop/art/TP-22.svg"><link rel="stylesheet" href="/shop/shop.css">${
    variant === 'hostile-css' ? html`<link rel="stylesheet" href="/shop/hostile.css">` : ''
  }
<script src="/shop/${variant === 'spa' ? 'spa' : 'shop'}.js" defer></script>${embedWidget(page)}</head>
<body><header><a class="brand" href="${link(goods)}">${words.shop}</a>
<nav><a href="${link(goods)}">${words.home}</a><a href="${link(goods, 'wear')}">${words.wear}</a><a href="${link(goods, 'live')}">${words.live}</a></nav>
<a href="${link('/shop/account')}">${words.account}</a><span class="basket">${words.basket} <b id="basket">0</b></span>
<a href="${base}?lang=${language === 'en' ? 'zh-CN' : 'en'}" lang="${language === 'en' ? 'zh-CN' : 'en'}">${words.otherLanguage}</a></header>
<main>${account ? '' : html`<p class="notice">${words.noChat}</p>`}${
    variant === 'account' && signedIn ? showAccount(signedIn, words, language) : showFront(page, words, view)
  }</main>
<footer><p>${words.hint}</p><p>${words.variants} ${variants.map(
    ([name, label]) => html`<a href="${link(pathOf(name))}">${label}</a> `,
  )}· <a href="/">${words.lab}</a></p><p>${words.footer}</p></footer></body></html>`.text;
}
