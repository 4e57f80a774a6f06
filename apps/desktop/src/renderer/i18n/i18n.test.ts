import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from './en.ts';
import { resolveLanguage } from './i18n.ts';
import { zhCn } from './zh-cn.ts';

const PLURAL = /_(zero|one|two|few|many|other)$/;

function toKeys(resource: object, prefix = ''): string[] {
  return Object.entries(resource).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : toKeys(value, `${prefix}${key}.`),
  );
}

/** Plural keys without their category: languages differ in those by right. */
function toBaseKeys(resource: object): string[] {
  const keys = toKeys(resource);
  const plurals = new Set(keys.filter((key) => key.endsWith('_one')).map((key) => key.replace(PLURAL, '')));
  const pluralsByOther = (key: string) =>
    plurals.has(key.replace(PLURAL, '')) || englishPlurals.has(key.replace(PLURAL, ''));
  return [...new Set(keys.map((key) => (pluralsByOther(key) ? key.replace(PLURAL, '') : key)))].sort();
}

const englishPlurals = new Set(
  toKeys(en)
    .filter((key) => key.endsWith('_one'))
    .map((key) => key.replace(PLURAL, '')),
);

function readSources(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return readSources(path);
    if (!/\.tsx?$/.test(entry.name) || entry.name.endsWith('.test.ts')) return [];
    return [{ path, text: readFileSync(path, 'utf8') }];
  });
}

const sources = readSources(join(import.meta.dirname, '..'));
const known = new Set(toBaseKeys(en));

test('both languages have exactly the same keys', () => {
  expect(toBaseKeys(zhCn)).toEqual(toBaseKeys(en));
});

test('every plural has all categories its language uses', () => {
  for (const [language, resource] of [
    ['en', en],
    ['zh-CN', zhCn],
  ] as const) {
    const keys = new Set(toKeys(resource));
    for (const base of englishPlurals) {
      for (const category of new Intl.PluralRules(language).resolvedOptions().pluralCategories) {
        expect(keys, `${language} lacks ${base}_${category}`).toContain(`${base}_${category}`);
      }
    }
  }
});

test('both languages use the same placeholders', () => {
  const read = (resource: object, key: string): string => {
    let value: unknown = resource;
    for (const part of key.split('.')) value = (value as Record<string, unknown>)[part];
    return String(value);
  };
  const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)[^}]*\}\}/g)].map((match) => match[1]).sort();
  for (const key of toKeys(zhCn)) expect(placeholders(read(zhCn, key)), key).toEqual(placeholders(read(en, key)));
});

test('every key that the screens use exists', () => {
  const missing = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\bt\(\s*'([^']+)'/g)].flatMap(([, key = '']) => (known.has(key) ? [] : [`${path}: ${key}`])),
  );
  expect(missing).toEqual([]);
});

test('no key is left that no screen uses', () => {
  const all = sources
    .filter(({ path }) => !/i18n\/(en|zh-cn)\.ts$/.test(path))
    .map(({ text }) => text)
    .join('\n');
  const unused = [...known].filter((key) => {
    if (all.includes(`'${key}'`)) return false;
    // Keys put together from data: `order.${status}`, `list.empty_${queue}`.
    const cuts = [...key.matchAll(/[._]/g)].map((match) => key.slice(0, match.index + 1));
    return !cuts.some((stem) => all.includes(`\`${stem}\${`));
  });
  expect(unused).toEqual([]);
});

test('Chinese addresses the reader as 你 and uses full-width punctuation', () => {
  for (const key of toKeys(zhCn)) {
    const value = key.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], zhCn);
    expect(value, key).not.toMatch(/您|[一-鿿][,;:!?]|\.\.\./);
  }
});

test('the system language decides when nothing was chosen', () => {
  expect(resolveLanguage('auto', ['de-DE', 'zh-TW', 'en-US'])).toBe('zh-CN');
  expect(resolveLanguage('auto', ['de-DE', 'en-GB', 'zh-CN'])).toBe('en');
  expect(resolveLanguage('auto', ['de-DE'])).toBe('en');
  expect(resolveLanguage('zh-CN', ['en-US'])).toBe('zh-CN');
});
