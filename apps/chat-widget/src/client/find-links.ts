export interface TextPart {
  text: string;
  /** Null for plain text. Always http, https or mailto. */
  href: string | null;
}

// Links end at anything that is not ASCII: Chinese text often follows one without a blank.
const LINK = /\bhttps?:\/\/[!-;=?-~]+|\bwww\.[!-;=?-~]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = `.,:;!?'"*_~`;

/** Splits text into what is a link and what is not; joined again the parts are the text. */
export function findLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = trimLink(match[0]);
    const href = toHref(link);
    if (href === null) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null });
    parts.push({ text: link, href });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}

/** The end of a sentence is not part of its link; a bracket is when it was opened in it. */
function trimLink(link: string): string {
  let unopened = link.split(')').length - link.split('(').length;
  let end = link.length;
  for (; end > 0; end--) {
    const last = link.charAt(end - 1);
    if (last === ')' && unopened > 0) unopened--;
    else if (!TRAILING.includes(last)) break;
  }
  return link.slice(0, end);
}

function toHref(link: string): string | null {
  const address = /^https?:/i.test(link) ? link : `${/^www\./i.test(link) ? 'https://' : 'mailto:'}${link}`;
  try {
    return new URL(address).href;
  } catch {
    return null; // looks like one, is none
  }
}
