import type { MailAttachment } from '../mailgun/mail.ts';
import { paintPhoto } from './photos.ts';
import type { FileKind } from './texts/scenario.ts';

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
  if (kind === 'table')
    return {
      name: isChinese ? '明细.csv' : 'details.csv',
      contentType: 'text/csv',
      content: buildCsv(isChinese, random),
    };
  if (kind === 'document')
    return {
      name: isChinese ? '开票资料.pdf' : 'company details.pdf',
      contentType: 'application/pdf',
      content: buildPdf('Company details, VAT DE 999 999 999'),
    };
  return {
    name: `IMG_${2000 + Math.floor(random() * 7000)}.png`,
    contentType: 'image/png',
    content: paintPhoto(kind, random),
  };
}
