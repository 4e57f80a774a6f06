import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWidget } from './build.ts';

const KILOBYTE = 1_024;

let folder: string;
let widget: string;
let client: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-widget-'));
  await buildWidget(folder);
  widget = await readFile(join(folder, 'widget.js'), 'utf8');
  client = await readFile(join(folder, /client-[\w-]+\.js/.exec(widget)?.[0] ?? ''), 'utf8');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const weigh = (text: string) => gzipSync(text, { level: 9 }).length;

test('a page loads at most 12 KB for the button, and at most 32 KB with the chat', async () => {
  expect(await readdir(folder)).toHaveLength(2);
  expect(weigh(widget)).toBeLessThanOrEqual(12 * KILOBYTE);
  expect(weigh(widget) + weigh(client)).toBeLessThanOrEqual(32 * KILOBYTE);
});

test('nothing in it needs what strict policies forbid, or carries the desk’s schemas', () => {
  for (const code of [widget, client]) {
    expect(code).not.toMatch(/\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|setAttribute\(.style/);
    expect(code).not.toContain('ZodType');
  }
});
