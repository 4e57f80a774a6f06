import type { Attachment } from '@tradewind/shared/schemas/message';
import { createElement, Fragment, type ReactNode } from 'react';
import { toAttachmentUrl } from './attachment-url.ts';
import { toSafeHref } from './links.ts';
import { OutLink, Quote } from './PlainText.tsx';
import { isAttribution } from './quotes.ts';

/** Elements kept, and what each becomes: headings would break the page's own outline, `font` and `center` are styling. */
const KEPT: Readonly<Record<string, string>> = {
  p: 'p',
  div: 'div',
  section: 'div',
  article: 'div',
  header: 'div',
  footer: 'div',
  center: 'div',
  address: 'div',
  h1: 'strong',
  h2: 'strong',
  h3: 'strong',
  h4: 'strong',
  h5: 'strong',
  h6: 'strong',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  dl: 'div',
  dt: 'div',
  dd: 'div',
  pre: 'pre',
  blockquote: 'blockquote',
  table: 'table',
  thead: 'thead',
  tbody: 'tbody',
  tfoot: 'tfoot',
  tr: 'tr',
  td: 'td',
  th: 'th',
  caption: 'caption',
  b: 'b',
  strong: 'strong',
  i: 'i',
  em: 'em',
  u: 'u',
  s: 's',
  strike: 's',
  del: 's',
  ins: 'u',
  sub: 'sub',
  sup: 'sup',
  small: 'small',
  code: 'code',
  kbd: 'kbd',
  samp: 'code',
  mark: 'mark',
  q: 'q',
  span: 'span',
  font: 'span',
  bdi: 'bdi',
};
const VOID: Readonly<Record<string, string>> = { br: 'br', hr: 'hr' };
/** Dropped with all they contain: code, styling, other documents, controls. */
const DROPPED = new Set(
  'script style head title meta link base template noscript iframe frame frameset object embed applet svg math canvas video audio source track form input button select option textarea dialog portal map area'.split(
    ' ',
  ),
);
const TABLE_PARTS = new Set(['table', 'thead', 'tbody', 'tfoot', 'tr']);
const INVISIBLE = /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|max-height\s*:\s*0(?![.\d])/i;
const INLINE_IMAGE = /^data:image\/(png|jpeg|gif|webp);base64,/i;

export interface RenderedMail {
  content: ReactNode;
  /** Images of other hosts, which would tell the sender that and where the mail was read. */
  blockedImages: number;
}

interface RenderContext {
  attachments: readonly Attachment[];
  imageLabel: (alt: string) => string;
  /** Shared by the contexts of one mail. */
  blocked: { count: number };
  insideQuote: boolean;
}

function trimBrackets(contentId: string): string {
  return contentId.replace(/^<|>$/g, '');
}

/** The attached file an image shows: the server names it in `data-cid`. */
function findAttached(image: Element, attachments: readonly Attachment[]): Attachment | undefined {
  const contentId = trimBrackets(image.getAttribute('data-cid') ?? '');
  if (contentId === '') return undefined;
  return attachments.find((file) => file.sha256 !== null && trimBrackets(file.contentId ?? '') === contentId);
}

function isRemote(image: Element): boolean {
  return image.hasAttribute('data-remote-src') || /^(https?:)?\/\//i.test(image.getAttribute('src') ?? '');
}

function isTrackingPixel(image: Element): boolean {
  return ['width', 'height'].some((name) => /^[01](px)?$/.test(image.getAttribute(name) ?? ''));
}

function renderImage(image: Element, key: number, context: RenderContext): ReactNode {
  const alt = image.getAttribute('alt') ?? '';
  const attached = findAttached(image, context.attachments);
  const inline = image.getAttribute('src') ?? '';
  if (attached || INLINE_IMAGE.test(inline)) {
    const src = attached ? toAttachmentUrl(attached.id) : inline;
    return createElement('img', { key, src, alt, loading: 'lazy' });
  }
  if (!isRemote(image)) return alt;
  if (isTrackingPixel(image)) return null;
  context.blocked.count++;
  return createElement('span', { key, 'data-blocked-image': '' }, context.imageLabel(alt));
}

function toSpan(value: string | null): number | undefined {
  const span = Number(value);
  return Number.isInteger(span) && span > 1 && span <= 100 ? span : undefined;
}

function toAttributes(element: Element, key: number): Record<string, unknown> {
  const direction = element.getAttribute('dir');
  return {
    key,
    ...(direction === 'rtl' || direction === 'ltr' || direction === 'auto' ? { dir: direction } : {}),
    ...(element.localName === 'td' || element.localName === 'th'
      ? { colSpan: toSpan(element.getAttribute('colspan')), rowSpan: toSpan(element.getAttribute('rowspan')) }
      : {}),
    ...(/^h[1-6]$/.test(element.localName) ? { 'data-heading': '' } : {}),
  };
}

function isInvisible(element: Element): boolean {
  return element.hasAttribute('hidden') || INVISIBLE.test(element.getAttribute('style') ?? '');
}

function renderElement(element: Element, key: number, context: RenderContext): ReactNode {
  const name = element.localName;
  if (DROPPED.has(name) || isInvisible(element)) return null;
  if (name === 'img') return renderImage(element, key, context);
  const empty = VOID[name];
  if (empty) return createElement(empty, { key });
  const children = renderChildren(element, context);
  if (name === 'a') {
    const href = toSafeHref(element.getAttribute('href') ?? '');
    return href ? createElement(OutLink, { key, href, children }) : createElement('span', { key }, children);
  }
  const kept = KEPT[name];
  return kept ? createElement(kept, toAttributes(element, key), children) : createElement(Fragment, { key }, children);
}

function isBlank(node: Node): boolean {
  return node.nodeName === 'BR' || (node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim() === '');
}

/** The attribution before a quotation goes with it: it says nothing once the quotation is folded. */
function takeAttribution(rendered: { node: Node; content: ReactNode }[]): ReactNode[] {
  const last = rendered.findLastIndex(({ node }) => !isBlank(node));
  const text = rendered[last]?.node.textContent ?? '';
  return isAttribution(text) ? rendered.splice(last).map(({ content }) => content) : [];
}

function renderChildren(parent: Element, context: RenderContext): ReactNode[] {
  const rendered: { node: Node; content: ReactNode }[] = [];
  let key = 0;
  for (const node of parent.childNodes) {
    key++;
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.nodeValue ?? '';
      if (!TABLE_PARTS.has(parent.localName) || text.trim() !== '') rendered.push({ node, content: text });
    } else if (node instanceof Element && node.localName === 'blockquote' && !context.insideQuote) {
      const attribution = takeAttribution(rendered);
      const quoted = renderChildren(node, { ...context, insideQuote: true });
      rendered.push({ node, content: createElement(Quote, { key, children: [...attribution, ...quoted] }) });
    } else if (node instanceof Element) {
      rendered.push({ node, content: renderElement(node, key, context) });
    }
  }
  return rendered.map(({ content }) => content);
}

/**
 * A mail's HTML as React elements. The server has sanitised it already; this is the second wall: the markup is parsed in
 * an inert document and built anew from a list of harmless elements, with no attribute but direction, spans and checked
 * addresses. No markup of the mail is ever inserted, so nothing of it can run, load, float over the desk or restyle it,
 * and the reader's own colours and text sizes hold.
 */
export function renderMailHtml(
  html: string,
  attachments: readonly Attachment[],
  imageLabel: (alt: string) => string,
): RenderedMail {
  const document = new DOMParser().parseFromString(html, 'text/html');
  const context: RenderContext = { attachments, imageLabel, blocked: { count: 0 }, insideQuote: false };
  const content = renderChildren(document.body, context);
  return { content, blockedImages: context.blocked.count };
}
