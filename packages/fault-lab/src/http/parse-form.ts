import { Busboy } from '@fastify/busboy';

export interface FormFile {
  field: string;
  name: string;
  contentType: string;
  content: Buffer;
}

export interface ParsedForm {
  /** In the order they came; names can repeat. */
  fields: [name: string, value: string][];
  files: FormFile[];
}

const LARGEST_FIELD_BYTES = 32 * 1024 * 1024;

function parseMultipart(contentType: string, body: Buffer): Promise<ParsedForm | null> {
  return new Promise((resolve) => {
    const form: ParsedForm = { fields: [], files: [] };
    try {
      const parser = new Busboy({
        headers: { 'content-type': contentType },
        limits: { fieldSize: LARGEST_FIELD_BYTES },
      });
      parser.on('field', (name, value) => form.fields.push([name, value]));
      parser.on('file', (field, stream, name, _encoding, fileType) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => form.files.push({ field, name, contentType: fileType, content: Buffer.concat(chunks) }));
        stream.on('error', () => resolve(null));
      });
      parser.on('finish', () => resolve(form));
      parser.on('error', () => resolve(null));
      parser.end(body);
    } catch {
      resolve(null); // no boundary in the content type
    }
  });
}

/** @returns null when the content type is neither of the two form types, or the body is not what it says. */
export async function parseForm(contentType: string, body: Buffer): Promise<ParsedForm | null> {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') {
    return { fields: [...new URLSearchParams(body.toString('utf8'))], files: [] };
  }
  return type === 'multipart/form-data' ? parseMultipart(contentType, body) : null;
}

/** The first value of a field, or null. */
export function getField(form: ParsedForm, name: string): string | null {
  return form.fields.find(([field]) => field === name)?.[1] ?? null;
}

/** Every value of a field. */
export function getFields(form: ParsedForm, name: string): string[] {
  return form.fields.filter(([field]) => field === name).map(([, value]) => value);
}
