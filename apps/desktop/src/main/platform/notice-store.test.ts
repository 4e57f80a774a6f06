import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonFile } from './json-file.ts';
import { NoticeStore, noticesSchema } from './notice-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-notices-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => new NoticeStore(new JsonFile(join(folder, 'notices.json'), noticesSchema));
const notice = (id: string, conversationId = 'c1') => ({ id, conversationId, server: 'https://desk.example' });

test('a notice leads to its conversation after a restart, also when a newer one took its place', () => {
  open().remember(notice('n1'));
  open().remember(notice('n1', 'c2'));
  expect(open().find('n1')).toEqual(notice('n1', 'c2'));
  expect(open().find('n2')).toBeNull();
});

test('one that was taken back is forgotten, and so are the oldest of many', () => {
  const store = open();
  for (let i = 0; i < 101; i++) store.remember(notice(`n${i}`));
  store.forget('n50');
  expect([store.find('n0'), store.find('n50')]).toEqual([null, null]);
  expect(store.find('n1')).not.toBeNull();
});
