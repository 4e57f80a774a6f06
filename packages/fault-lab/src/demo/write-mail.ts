import type { MailDraft } from '../mailgun/mail.ts';
import { buildFile } from './files.ts';
import type { DemoCustomer } from './people.ts';
import type { FileKind } from './texts/scenario.ts';

export interface Letter {
  customer: DemoCustomer;
  subject: string;
  text: string;
  files: readonly FileKind[];
  asHtml: boolean;
  /** The mail that stands quoted below, as mail programs do. */
  quoted: { text: string; at: number } | null;
  random: () => number;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function toParagraphs(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => `<p style="margin:0 0 12px">${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('');
}

function toAttribution({ customer, quoted }: Letter): string {
  const day = new Date(quoted?.at ?? 0).toISOString().slice(0, 10);
  return customer.language === 'zh' ? `${day}，客服写道：` : `On ${day}, Support wrote:`;
}

/** A customer's mail as a mail program would make it: plain, or plain and HTML, with what it answers quoted below. */
export function writeMail(letter: Letter): MailDraft {
  const { customer, text, quoted } = letter;
  const isRightToLeft = customer.language === 'ar' || customer.language === 'he';
  const quote = quoted
    ? `\n\n${toAttribution(letter)}\n${quoted.text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n')}`
    : '';
  const htmlQuote = quoted
    ? `<div>${toAttribution(letter)}</div><blockquote style="margin:0 0 0 8px;padding-left:8px;border-left:2px solid #ccc">${toParagraphs(quoted.text)}</blockquote>`
    : '';
  const html = `<html><body dir="${isRightToLeft ? 'rtl' : 'ltr'}" style="font-family:Arial,sans-serif;font-size:14px">${toParagraphs(text)}${htmlQuote}</body></html>`;
  return {
    from: { name: customer.fullName, address: customer.email },
    subject: letter.subject,
    text: text + quote,
    ...(letter.asHtml ? { html } : {}),
    attachments: letter.files.map((kind) => buildFile(kind, customer.language === 'zh', letter.random)),
  };
}
