import { expect, test, vi } from 'vitest';
import { wordsIn } from '../words.ts';
import { toContextItems } from './context-menu.ts';

vi.mock('electron', () => ({})); // outside Electron it is the path of a program

const editFlags = { canUndo: false, canRedo: false, canCut: true, canCopy: true, canPaste: true };
const nowhere = { linkURL: '', isEditable: false, selectionText: '', editFlags };

function open(place: Partial<typeof nowhere>, language: 'en' | 'zh-CN' = 'en') {
  const copied: string[] = [];
  const items = toContextItems({ ...nowhere, ...place }, wordsIn(language), (text) => copied.push(text));
  return { items, copied, labels: items.flatMap(({ label }) => label ?? []) };
}

test('where one writes there is what one writes with, in the console’s language', () => {
  const { items, labels } = open({ isEditable: true });
  expect(labels).toEqual(['Undo', 'Redo', 'Cut', 'Copy', 'Paste', 'Select all']);
  expect(items[0]).toMatchObject({ role: 'undo', enabled: false });
  expect(open({ isEditable: true }, 'zh-CN').labels).toEqual(['撤销', '重做', '剪切', '复制', '粘贴', '全选']);
});

test('a selection can be copied; where there is nothing to do no menu opens', () => {
  expect(open({ selectionText: 'ORD-1' }).labels).toEqual(['Copy']);
  expect(open({ selectionText: ' \n' }).labels).toEqual([]);
});

test.each([
  ['https://shop.example/1', 'https://shop.example/1'],
  ['mailto:mei@shop.example', 'mei@shop.example'],
  ['tel:+4930123456', '+4930123456'],
])('the address of %s can be copied', (linkURL, text) => {
  const { items, copied } = open({ linkURL });
  expect(items).toMatchObject([{ label: 'Copy address' }]);
  (items[0]?.click as (() => void) | undefined)?.();
  expect(copied).toEqual([text]);
});

test('our own addresses are nothing to copy', () => {
  expect(open({ linkURL: 'app://desk/api/attachments/a1' }).items).toEqual([]);
  expect(open({ linkURL: 'javascript:alert(1)' }).items).toEqual([]);
});
