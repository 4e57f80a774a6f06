import { expect, test } from 'vitest';
import { drawIcon, type IconStyle, type Picture, toBitmap } from './draw-icon.ts';

function pixel({ size, pixels }: Picture, x: number, y: number): number[] {
  return [...pixels.subarray((y * size + x) * 4, (y * size + x) * 4 + 4)];
}

function tray(count: number, away = false): IconStyle {
  return { kind: 'tray', count, away };
}

test('the icon is the mark: clear corners, the accent, white winds', () => {
  const icon = drawIcon(32, { kind: 'app' });
  expect(pixel(icon, 0, 0)[3]).toBe(0);
  expect(pixel(icon, 3, 25)).toEqual([0x0a, 0x72, 0x6d, 255]);
  expect(pixel(icon, 12, 12)).toEqual([255, 255, 255, 255]);
});

test('unread conversations and absence can be told apart at the size of a tray', () => {
  const pictures = [tray(0), tray(1), tray(2), tray(9), tray(10), tray(0, true)].map((style) => drawIcon(16, style));
  expect(new Set(pictures.map(({ pixels }) => Buffer.from(pixels).toString('base64'))).size).toBe(pictures.length);
  expect(drawIcon(16, tray(10))).toEqual(drawIcon(16, tray(250)));
});

test('the menu bar of macOS gets a shape alone', () => {
  const { pixels } = drawIcon(22, { kind: 'template' });
  expect(pixels.some((value, at) => at % 4 < 3 && value !== 0)).toBe(false);
  expect(pixels.some((value, at) => at % 4 === 3 && value === 255)).toBe(true);
});

test('a bitmap is blue first and premultiplied', () => {
  expect([...toBitmap({ size: 1, pixels: new Uint8Array([200, 100, 50, 128]) })]).toEqual([25, 50, 100, 128]);
});
