import { inflateSync } from 'node:zlib';
import { createRandom } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import { buildFile } from './files.ts';

test('the picture is a PNG whose pixels fill its size', () => {
  const { content } = buildFile('broken', false, createRandom(1));
  expect(content.subarray(1, 4).toString('latin1')).toBe('PNG');
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  const dataAt = content.indexOf('IDAT') + 4;
  const data = content.subarray(dataAt, dataAt + content.readUInt32BE(dataAt - 8));
  expect(inflateSync(data)).toHaveLength(height * (1 + width * 3));
});

test('the PDF’s table of objects points at the objects', () => {
  const text = buildFile('document', true, createRandom(1)).content.toString('latin1');
  const tableAt = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  expect(text.slice(tableAt, tableAt + 4)).toBe('xref');
  const offsets = [...text.slice(tableAt).matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) => Number(offset));
  expect(offsets).toHaveLength(5);
  for (const [index, offset] of offsets.entries())
    expect(text.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj`));
});

test('the table is UTF-8 with a byte order mark', () => {
  const { name, content } = buildFile('table', true, createRandom(1));
  expect(name).toBe('明细.csv');
  expect(content.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(content.toString('utf8')).toContain('日期');
});
