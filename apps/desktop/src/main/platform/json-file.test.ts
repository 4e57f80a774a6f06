import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonFile } from './json-file.ts';
import { settingsSchema } from './settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => new JsonFile(join(folder, 'settings.json'), settingsSchema, 1_800_000_000_000);

test('what was saved is there at the next start, for the owner’s eyes only', () => {
  const file = open();
  expect(file.value).toEqual({ servers: [], current: null, window: null, preferences: {} });
  file.save({ ...file.value, current: 'https://desk.example' });
  expect(open().value.current).toBe('https://desk.example');
  expect(statSync(join(folder, 'settings.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test.each(['{"servers": [', '[]', '{"current": "not an origin"}', ''])('a damaged file (%j) is kept aside', (text) => {
  writeFileSync(join(folder, 'settings.json'), text);
  const file = open();
  expect(file.value.current).toBeNull();
  expect(file.setAside).toBe(join(folder, 'settings.json.damaged-1800000000000'));
  expect(readFileSync(file.setAside ?? '', 'utf8')).toBe(text);
  expect(existsSync(join(folder, 'settings.json'))).toBe(false);
});

test('settings of an older version are no damage', () => {
  writeFileSync(join(folder, 'settings.json'), '{"current": "https://desk.example", "future": 1}');
  const file = open();
  expect(file.setAside).toBeNull();
  expect(file.value).toMatchObject({ current: 'https://desk.example', preferences: {} });
});
