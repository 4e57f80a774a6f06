import { simpleParser } from 'mailparser';
import { ParseError } from '../connector.ts';
import type { HeaderList } from './headers.ts';
import { getHeader } from './headers.ts';
import { type MailParts, toContentId, toFileName, toMediaType } from './message.ts';
import { decodeText } from './text.ts';

/**
 * Takes a raw mail apart. Body and files are mailparser's work; header values are decoded here, because it reads 8-bit
 * headers as UTF-8 only, and mail in GBK often has them.
 *
 * @throws ParseError when the bytes are no mail at all.
 */
export async function parseMime(raw: Buffer): Promise<Omit<MailParts, 'envelopeSender' | 'envelopeRecipient'>> {
  const mail = await simpleParser(raw, {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    skipTextLinks: true,
    keepCidLinks: true,
  }).catch((error: unknown) => {
    throw new ParseError('The MIME message cannot be read.', { cause: error });
  });
  const lines = mail.headerLines.map(({ line }) => Buffer.from(line, 'latin1'));
  const charset = /charset="?([^\s";]+)/i.exec(findLine(lines, 'content-type'))?.[1];
  const headers: HeaderList = lines.map((line) => splitHeader(decodeText(line, [charset])));
  return {
    headers,
    from: getHeader(headers, 'from'),
    subject: getHeader(headers, 'subject'),
    text: mail.text ?? '',
    html: mail.html === false ? '' : (mail.html ?? ''),
    attachments: mail.attachments.map((file, index) => ({
      name: toFileName(file.filename, `attachment-${index + 1}`),
      contentType: toMediaType(file.contentType),
      contentId: toContentId(file.contentId),
      source: { content: file.content },
    })),
  };
}

function findLine(lines: readonly Buffer[], name: string): string {
  return lines.map((line) => line.toString('latin1')).find((line) => line.toLowerCase().startsWith(`${name}:`)) ?? '';
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  const unfolded = line.slice(colon + 1).replace(/\r?\n[ \t]*/g, ' ');
  return [line.slice(0, Math.max(colon, 0)).trim(), unfolded.trim()];
}
