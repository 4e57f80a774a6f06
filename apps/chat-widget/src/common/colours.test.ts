import { expect, test } from 'vitest';
import { contrast, toPalette } from './colours.ts';

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

test('whatever the accent, what stands on it and what is written in it can be read', () => {
  for (let colour = 0; colour < 0x1000000; colour += 40_009) {
    const accent = `#${colour.toString(16).padStart(6, '0')}`;
    for (const surface of ['#ffffff', '#161b1c']) {
      const palette = toPalette(accent, surface, '#888888');
      expect(contrast(palette.onAccent, accent), accent).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette.accentText, surface), accent).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test('an accent as light as the surface gets an edge', () => {
  expect(toPalette('#fefefe', '#ffffff', '#d3dbd9').edge).toBe('#d3dbd9');
  expect(toPalette('#0a726d', '#ffffff', '#d3dbd9').edge).toBe('#0a726d');
});
