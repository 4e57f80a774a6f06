import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodePng } from './png.ts';

test('a picture is in the file pixel by pixel', () => {
  const pixels = new Uint8Array(Array.from({ length: 16 }, (_, index) => index * 16));
  const png = encodePng({ size: 2, pixels });
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  expect(png.readUInt32BE(16)).toBe(2);
  const dataLength = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + dataLength));
  expect([...rows]).toEqual([0, ...pixels.subarray(0, 8), 0, ...pixels.subarray(8)]);
  expect(png.subarray(-8).toString('hex')).toBe('49454e44ae426082'); // IEND with the checksum the standard prints
});
