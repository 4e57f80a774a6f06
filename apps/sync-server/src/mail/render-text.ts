import { sanitiseHtml } from './sanitize.ts';

const TOKEN = /<(\/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)/g;
const HREF = /\shref="([^"]*)"/;
const ALT = /\salt="([^"]*)"/;
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 blockquote pre ul ol table dl hr figure address'.split(' '));
const LINES = new Set(
  'div li tr dt dd section article header footer main aside nav caption figcaption center summary details'.split(' '),
);

/**
 * HTML as plain text for people: line breaks where blocks end, `>` before quotations, addresses of links behind their
 * words where they differ.
 *
 * @param html - hostile HTML; it is sanitised first, and the tokens below rely on that (no `<` or `>` outside tags).
 */
export function renderText(html: string): string {
  const writer = new TextWriter();
  let href = '';
  let linkText = '';
  let preformatted = 0;
  for (const [, slash, tag = '', attributes = '', text] of sanitiseHtml(html).matchAll(TOKEN)) {
    if (text !== undefined) {
      const words = decodeEntities(text);
      linkText += words;
      writer.write(words, preformatted > 0);
    } else if (tag === 'br') writer.breakLine();
    else if (tag === 'img') writer.write(decodeEntities(ALT.exec(attributes)?.[1] ?? ''), false);
    else if (tag === 'td' || tag === 'th') writer.write(slash === '/' ? ' ' : '', false);
    else {
      if (PARAGRAPHS.has(tag)) writer.startBlock(2);
      else if (LINES.has(tag)) writer.startBlock(1);
      if (tag === 'blockquote') writer.quote(slash === '/' ? -1 : 1);
      else if (tag === 'pre') preformatted += slash === '/' ? -1 : 1;
      else if (tag === 'li' && slash === '') writer.write('- ', true);
      else if (tag === 'a' && slash === '') {
        href = decodeEntities(HREF.exec(attributes)?.[1] ?? '');
        linkText = '';
      } else if (tag === 'a') {
        if (isWorthShowing(href, linkText)) writer.write(` (${href})`, false);
        href = '';
      }
    }
  }
  return writer.toString();
}

function isWorthShowing(href: string, text: string): boolean {
  if (!/^https?:/i.test(href)) return false;
  const bare = (address: string) =>
    address
      .trim()
      .replace(/^https?:\/\//i, '')
      .replace(/\/$/, '');
  return bare(href) !== bare(text);
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity).replaceAll('\u00a0', ' ');
}

/** Collects words into lines. */
class TextWriter {
  #lines: string[] = [];
  #line = '';
  #quotes = 0;

  write(text: string, preformatted: boolean): void {
    if (!preformatted) {
      const words = text.replace(/\s+/g, ' ');
      this.#line += this.#line === '' || this.#line.endsWith(' ') ? words.trimStart() : words;
      return;
    }
    const [first = '', ...rest] = text.split('\n');
    this.#line += first;
    for (const line of rest) {
      this.breakLine();
      this.#line = line;
    }
  }

  breakLine(): void {
    this.#lines.push(`${'> '.repeat(this.#quotes)}${this.#line}`.trimEnd());
    this.#line = '';
  }

  /** @param gap - 1 for a new line, 2 for an empty line before it. */
  startBlock(gap: 1 | 2): void {
    if (this.#line.trim() !== '') this.breakLine();
    this.#line = '';
    const last = this.#lines.at(-1);
    if (gap === 2 && last !== undefined && !/^[> ]*$/.test(last)) this.breakLine();
  }

  quote(change: 1 | -1): void {
    // The empty line that ended the quotation's last paragraph belongs behind the quotation.
    if (change < 0 && /^[> ]+$/.test(this.#lines.at(-1) ?? '')) this.#lines[this.#lines.length - 1] = '';
    this.#quotes = Math.min(Math.max(this.#quotes + change, 0), 10);
  }

  toString(): string {
    if (this.#line.trim() !== '') this.breakLine();
    return this.#lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .replace(/^\n+/, '')
      .trimEnd();
  }
}
