import sanitize from 'sanitize-html';
import { sanitiseStyle } from './style.ts';
import { cleanText } from './text.ts';

// Longer mails are cut: a browser does not show them either. The plain part is kept in full.
const MAX_HTML_LENGTH = 1_000_000;
// The parser looks through all open elements at each closing tag: unbounded nesting would take quadratic time.
const MAX_DEPTH = 400;

const TAGS = (
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl ' +
  'dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s ' +
  'samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ');

// Dropped with everything inside: their content is not text for people, or is only shown where the element works.
const DROPPED = (
  'script style title textarea option select xmp noscript template svg math object embed iframe audio video canvas frameset ' +
  'noframes noembed'
).split(' ');

const ALLOWED_LINK = /^(https?|mailto|tel):/i;
// What browsers ignore inside an address, and what writers of hostile ones hide schemes with.
const IGNORED_IN_URL = /[\p{Cc}\p{Cf}\s]/gu;
const INLINE_IMAGE = /^data:image\/(png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]*$/i;

class TooDeepError extends Error {}

/**
 * Makes a mail's HTML safe to show. Nothing runs, nothing is submitted, and nothing is loaded by itself: the address of a
 * remote image stands in `data-remote-src` until the agent asks for it, the id of an attached one in `data-cid`.
 *
 * @returns well-formed HTML of the tags above; running it through again changes nothing that matters.
 */
export function sanitiseHtml(html: string): string {
  const input = cleanText(html).slice(0, MAX_HTML_LENGTH);
  let depth = 0;
  try {
    return sanitize(input, {
      allowedTags: TAGS,
      nonTextTags: DROPPED,
      allowedAttributes: {
        '*': ['style', 'dir', 'lang', 'title', 'align', 'valign', 'bgcolor', 'width', 'height'],
        a: ['href', 'target', 'rel'],
        img: ['src', 'alt', 'data-remote-src', 'data-cid'],
        font: ['color', 'face', 'size'],
        ol: ['start', 'type'],
        li: ['value'],
        table: ['border', 'cellpadding', 'cellspacing'],
        td: ['colspan', 'rowspan'],
        th: ['colspan', 'rowspan'],
        col: ['span'],
        time: ['datetime'],
      },
      allowedSchemes: ['http', 'https', 'mailto', 'tel'],
      allowedSchemesByTag: { img: ['data'] },
      allowProtocolRelative: false,
      // Styles are filtered below; the built-in way parses each attribute with a whole CSS parser.
      parseStyleAttributes: false,
      transformTags: { '*': (tagName, attribs) => ({ tagName, attribs: toSafeAttributes(tagName, attribs) }) },
      onOpenTag: () => {
        if (++depth > MAX_DEPTH) throw new TooDeepError();
      },
      onCloseTag: () => {
        depth--;
      },
    });
  } catch (error) {
    if (!(error instanceof TooDeepError)) throw error;
    return stripTags(input);
  }
}

function toSafeAttributes(tagName: string, attribs: Record<string, string>): Record<string, string> {
  const { style, href, src, ...safe } = attribs;
  const kept = style === undefined ? '' : sanitiseStyle(style);
  if (kept !== '') safe.style = kept;
  if (tagName === 'a' && href !== undefined) {
    const target = href.trim().replaceAll(' ', '%20').replace(IGNORED_IN_URL, '');
    // Relative addresses would lead into the console itself.
    if (ALLOWED_LINK.test(target)) return { ...safe, href: target, target: '_blank', rel: 'noopener noreferrer' };
  }
  if (tagName === 'img') return { ...withoutImageAddress(safe), ...toImageSource(src?.trim() ?? '') };
  return safe;
}

/** A sender could write these attributes himself; only ours count, except on a second pass over our own output. */
function withoutImageAddress(attribs: Record<string, string>): Record<string, string> {
  const { 'data-remote-src': remote = '', 'data-cid': contentId = '', ...rest } = attribs;
  return {
    ...rest,
    ...(/^https?:\/\//i.test(remote) ? { 'data-remote-src': remote } : {}),
    ...(contentId === '' ? {} : { 'data-cid': contentId }),
  };
}

function toImageSource(src: string): Record<string, string> {
  if (/^cid:/i.test(src)) return { 'data-cid': src.slice(4) };
  if (/^https?:\/\//i.test(src)) return { 'data-remote-src': src };
  if (src.startsWith('//')) return { 'data-remote-src': `https:${src}` };
  return INLINE_IMAGE.test(src) ? { src } : {};
}

/** Nesting this deep is an attack or a broken generator: only the words are kept. */
function stripTags(html: string): string {
  const words = html.replace(/<(script|style)\b[\s\S]*?(?:<\/\1|$)/gi, ' ').replace(/<[^<>]*>?/g, ' ');
  return words.replace(/>/g, '&gt;').replace(/\s+/g, ' ').trim();
}
