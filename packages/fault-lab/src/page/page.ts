import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Page {
  html: string;
  headers: Record<string, string>;
}

function readPart(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function toHashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The lab's page in one answer: style and script are inside, allowed by their hashes; nothing else may load or run. */
export function createPage(): Page {
  const style = readPart('page.css');
  // Escaped so that no text can end the script element.
  const words = readPart('words.json').replaceAll('<', '\\u003c').trim();
  const script = `const words = ${words};\n${readPart('page.js')}`;
  // The hashes cover everything between the tags, so the placeholders go with whatever stands around them.
  const html = readPart('page.html')
    .replace(/<style>[^<]*<\/style>/, () => `<style>${style}</style>`)
    .replace(/<script>[^<]*<\/script>/, () => `<script>${script}</script>`);
  const policy = [
    "default-src 'none'",
    `style-src ${toHashSource(style)}`,
    `script-src ${toHashSource(script)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  };
}
