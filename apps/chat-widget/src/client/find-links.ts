export interface TextPart {
  text: string;
  /** Null for plain text. Always http, https or mailto. */
  href: string | null;
}

// Links end at anything that is not ASCII: Chinese text often follows one without a blank.
const LINK = /\bhttps?:\/\/[!-;=?-~]+|\bwww\.[!-;=?-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,:;!?'"*_~]+$/;

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
  const trimmed = link.replace(TRAILING, '');
  const count = (char: string) => trimmed.split(char).length;
  return trimmed.endsWith(')') && count(')') > count('(') ? trimLink(trimmed.slice(0, -1)) : trimmed;
}

function toHref(link: string): string | null {
  const address = /^https?:/i.test(link) ? link : `${/^www\./i.test(link) ? 'https://' : 'mailto:'}${link}`;
  try {
    return new URL(address).href;
  } catch {
    return null; // looks like one, is none
  }
}
