import { crc32, deflateSync } from 'node:zlib';
import type { MailAttachment } from '../mailgun/mail.ts';
import type { FileKind } from './texts/scenario.ts';

function toChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A small picture: two colours fading into each other, decided by the random numbers. */
function buildPng(random: () => number): Buffer {
  const [width, height] = [160, 120];
  const from = [random(), random(), random()].map((value) => 60 + value * 160);
  const to = [random(), random(), random()].map((value) => 60 + value * 160);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const share = (x + y) / (width + height);
      for (let channel = 0; channel < 3; channel++) {
        rows[y * (1 + width * 3) + 1 + x * 3 + channel] =
          (from[channel] ?? 0) * (1 - share) + (to[channel] ?? 0) * share;
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // 8 bits, true colour
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    toChunk('IHDR', header),
    toChunk('IDAT', deflateSync(rows)),
    toChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** One page with one line of text. */
function buildPdf(line: string): Buffer {
  const content = `BT /F1 18 Tf 72 720 Td (${line.replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text + end, 'latin1');
}

/** A table with the byte order mark that spreadsheet programs want for Chinese. */
function buildCsv(isChinese: boolean, random: () => number): Buffer {
  const head = isChinese ? '日期,摘要,金额' : 'date,description,amount';
  const what = isChinese ? '网上购物' : 'card payment';
  const rows = Array.from({ length: 4 }, (_, day) => `2026-01-0${day + 2},${what},${(random() * 200).toFixed(2)}`);
  return Buffer.from(`\ufeff${[head, ...rows].join('\r\n')}\r\n`);
}

/** Files a customer might send along. */
export function buildFile(kind: FileKind, isChinese: boolean, random: () => number): MailAttachment {
  if (kind === 'photo')
    return { name: isChinese ? '照片.png' : 'photo.png', contentType: 'image/png', content: buildPng(random) };
  if (kind === 'table')
    return {
      name: isChinese ? '明细.csv' : 'details.csv',
      contentType: 'text/csv',
      content: buildCsv(isChinese, random),
    };
  return {
    name: isChinese ? '开票资料.pdf' : 'company details.pdf',
    contentType: 'application/pdf',
    content: buildPdf('Company details, VAT DE 999 999 999'),
  };
}
