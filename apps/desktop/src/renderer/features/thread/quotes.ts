export interface TextSegment {
  kind: 'text' | 'quote';
  text: string;
}

const QUOTED = /^\s*>/;
/** "On … wrote:", "在 … 写道：", "Am … schrieb …:" and the like, on one line. */
const ATTRIBUTION =
  /^\s*(on\b.{4,200}\bwrote|在.{2,200}写道|于.{2,200}写道|.{4,200}(写道|schrieb.*|a écrit|escribió))\s*[:：]\s*$/i;
const ATTRIBUTION_START = /^\s*(on\b.{4,200}|在.{2,200})$/i;
/** From here on everything is the earlier mail. */
const ORIGINAL =
  /^\s*(-{3,}\s*(original message|forwarded message|原始邮件|转发的邮件|ursprüngliche nachricht)\s*-{3,}|_{20,})\s*$/i;

function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** True for the line with which a mail program introduces what it quotes. */
export function isAttribution(text: string): boolean {
  return ATTRIBUTION.test(text.replace(/\s+/g, ' '));
}

/** How many lines from `index` are an attribution: 0, 1, or 2 where the mail program broke it. */
function countAttribution(lines: readonly string[], index: number): number {
  const line = lines[index] ?? '';
  if (ATTRIBUTION.test(line)) return 1;
  const next = lines[index + 1];
  if (next !== undefined && ATTRIBUTION_START.test(line) && ATTRIBUTION.test(`${line} ${next}`)) return 2;
  return 0;
}

/** Index after the quoted lines that begin at `index`; blank lines between two of them belong to the quote. */
function skipQuoted(lines: readonly string[], index: number): number {
  let end = index;
  for (let at = index; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (QUOTED.test(line)) end = at + 1;
    else if (!isBlank(line)) break;
  }
  return end;
}

/** Where the quote that begins at `index` ends; `index` itself when none begins there. */
function findQuoteEnd(lines: readonly string[], index: number): number {
  const line = lines[index] ?? '';
  if (ORIGINAL.test(line)) return lines.length;
  if (QUOTED.test(line)) return skipQuoted(lines, index);
  const attribution = countAttribution(lines, index);
  if (attribution === 0) return index;
  const end = skipQuoted(lines, index + attribution);
  if (end > index + attribution) return end;
  // Some programs quote without ">": then the attribution is the last thing the author did.
  return lines.length;
}

function trimBlankLines(lines: readonly string[]): string {
  let start = 0;
  let end = lines.length;
  while (start < end && isBlank(lines[start] ?? '')) start++;
  while (end > start && isBlank(lines[end - 1] ?? '')) end--;
  return lines.slice(start, end).join('\n');
}

/** Splits a plain text into what was written and what was quoted, in order; empty parts are left out. */
export function splitQuotes(text: string): TextSegment[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const segments: TextSegment[] = [];
  let written: string[] = [];
  const flush = () => {
    const kept = trimBlankLines(written);
    if (kept !== '') segments.push({ kind: 'text', text: kept });
    written = [];
  };
  for (let index = 0; index < lines.length; ) {
    const end = findQuoteEnd(lines, index);
    if (end === index) {
      written.push(lines[index] ?? '');
      index++;
      continue;
    }
    flush();
    const quoted = trimBlankLines(lines.slice(index, end));
    if (quoted !== '') segments.push({ kind: 'quote', text: quoted });
    index = end;
  }
  flush();
  return segments;
}
