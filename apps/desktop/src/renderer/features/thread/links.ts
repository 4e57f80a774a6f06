export interface TextToken {
  text: string;
  /** Only ever http, https or mailto. */
  href: string | null;
}

// Ends at blanks, quotes, brackets and any full-width punctuation: Chinese sentences put no blank after an address.
const LINK =
  /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uffef\u201c\u201d\u2018\u2019]{1,2000}|[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
const TRAILING = /[.,;:!?)\]}*_~|]+$/;

function trimTrailing(url: string): string {
  const trimmed = url.replace(TRAILING, '');
  // A closing bracket belongs to the address when it was opened inside: .../wiki/Lamp_(light)
  return url.charAt(trimmed.length) === ')' && trimmed.includes('(') ? `${trimmed})` : trimmed;
}

/** The address as a link target, or null when it is not one a browser should follow from a message. */
export function toSafeHref(address: string): string | null {
  try {
    const url = new URL(address);
    return ['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null; // relative or broken: shown as text
  }
}

/** Splits text into plain parts and links, in order; joined again they give the text. */
export function splitLinks(text: string): TextToken[] {
  const tokens: TextToken[] = [];
  let last = 0;
  for (const match of text.matchAll(LINK)) {
    const found = trimTrailing(match[0]);
    const href = toSafeHref(found.includes('://') ? found : `mailto:${found}`);
    if (href === null) continue;
    if (match.index > last) tokens.push({ text: text.slice(last, match.index), href: null });
    tokens.push({ text: found, href });
    last = match.index + found.length;
  }
  if (last < text.length) tokens.push({ text: text.slice(last), href: null });
  return tokens;
}
