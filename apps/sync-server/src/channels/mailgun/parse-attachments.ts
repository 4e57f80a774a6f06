import { type InboundAttachment, ParseError } from '../../connector.ts';
import { toContentId, toFileName, toMediaType } from '../../mail/message.ts';
import { firstField, type MailgunForm } from './form.ts';

const MAX_ATTACHMENTS = 500;

/** Files that came with the form: `attachment-1` and so on, whatever their number says. */
export function parseFormAttachments(form: MailgunForm): InboundAttachment[] {
  const contentIds = readContentIds(form);
  return form.parts
    .filter((part) => part.fileName !== null || /^attachment-\d+$/.test(part.name))
    .slice(0, MAX_ATTACHMENTS)
    .map((part, index) => ({
      name: toFileName(part.fileName, `attachment-${index + 1}`),
      contentType: toMediaType(part.contentType),
      contentId: contentIds.get(part.name) ?? null,
      source: { content: part.bytes },
    }));
}

/**
 * Files that Mailgun stored: the JSON list of `store(notify=…)`.
 *
 * @throws ParseError when the list cannot be read: files would be missing without anyone knowing.
 */
export function parseStoredAttachments(json: string, form: MailgunForm): InboundAttachment[] {
  if (json.trim() === '') return [];
  const contentIds = readContentIds(form);
  return parseList(json)
    .slice(0, MAX_ATTACHMENTS)
    .map((entry, index) => {
      const { url, name, size, 'content-type': contentType } = (entry ?? {}) as Record<string, unknown>;
      if (typeof url !== 'string' || url === '') throw new ParseError(`attachments[${index}].url is missing.`);
      const fileName = typeof name === 'string' ? name : '';
      return {
        name: toFileName(fileName, `attachment-${index + 1}`),
        contentType: toMediaType(typeof contentType === 'string' ? contentType : ''),
        contentId: contentIds.get(url) ?? contentIds.get(fileName) ?? contentIds.get(`attachment-${index + 1}`) ?? null,
        source: { url, sizeBytes: toSize(size) },
      };
    });
}

function parseList(json: string): unknown[] {
  try {
    const list: unknown = JSON.parse(json);
    if (Array.isArray(list)) return list;
  } catch (error) {
    throw new ParseError('attachments is not a JSON list.', { cause: error });
  }
  throw new ParseError('attachments is not a JSON list.');
}

function toSize(size: unknown): number {
  const bytes = Number(size);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : 0;
}

// A string that never ends runs to the end of the text: looking for its end again from every quote would be quadratic.
const JSON_STRING = /"((?:[^"\\]|\\[\s\S]?)*)(?:"|$)/g;

/**
 * `content-id-map`: which Content-ID belongs to which field or stored address. Read pair by pair: real maps hold the same
 * key twice and empty keys, of which a JSON parser keeps one (platforms/mailgun.md).
 */
function readContentIds(form: MailgunForm): Map<string, string> {
  const contentIds = new Map<string, string>();
  const json = firstField(form, 'content-id-map') ?? '';
  let key: RegExpExecArray | null = null;
  for (const value of json.matchAll(JSON_STRING)) {
    const isValue: boolean = key !== null && json.slice(key.index + key[0].length, value.index).trim() === ':';
    const contentId = isValue ? toContentId(unquote(key?.[0] ?? '')) : null;
    const target = unquote(value[0]);
    if (contentId !== null && !contentIds.has(target)) contentIds.set(target, contentId);
    key = isValue ? null : value;
  }
  return contentIds;
}

function unquote(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return ''; // a broken escape: no such key
  }
}
