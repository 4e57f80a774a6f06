import { decodeText } from './text.ts';

const WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=/gi;
const GAP_BETWEEN_WORDS = /(\?=)\s+(?==\?[^?\s]{1,60}\?[bq]\?)/gi;

interface Run {
  charset: string;
  chunks: Buffer[];
}

/**
 * Decodes encoded words in a header value (RFC 2047). Neighbours of one charset are joined as bytes before they are
 * decoded: many mailers cut a two-byte character between two words.
 */
export function decodeEncodedWords(value: string): string {
  if (!value.includes('=?')) return value;
  const text = value.replace(GAP_BETWEEN_WORDS, '$1');
  let result = '';
  let position = 0;
  let run: Run | null = null;
  const endRun = () => {
    if (run) result += decodeText(Buffer.concat(run.chunks), [run.charset]);
    run = null;
  };
  for (const match of text.matchAll(WORD)) {
    const [whole, label = '', encoding = '', content = ''] = match;
    // RFC 2231 allows a language after the charset: `utf-8*en`.
    const charset = label.split('*', 1)[0]?.toLowerCase() ?? '';
    if (match.index > position || (run as Run | null)?.charset !== charset) endRun();
    result += text.slice(position, match.index);
    run ??= { charset, chunks: [] };
    run.chunks.push(encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : decodeQ(content));
    position = match.index + whole.length;
  }
  endRun();
  return result + text.slice(position);
}

function decodeQ(content: string): Buffer {
  const escaped = content
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(escaped, 'latin1');
}
