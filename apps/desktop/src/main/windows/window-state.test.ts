import { expect, test } from 'vitest';
import { placeWindow, windowStateSchema } from './window-state.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const screen = { x: 1440, y: 0, width: 2560, height: 1400 };
const saved = { x: 1600, y: 100, width: 1800, height: 1000, maximized: false };

test('a window opens where it stood', () => {
  expect(placeWindow(saved, [laptop, screen])).toEqual({ x: 1600, y: 100, width: 1800, height: 1000 });
});

test('a window whose display is gone opens on the one that is there, no larger than it', () => {
  expect(placeWindow(saved, [laptop])).toEqual({ width: 1440, height: 875 });
});

test.each([
  ['its title bar above the screen', { ...saved, x: 100, y: -300 }],
  ['all but a strip beyond the edge', { ...saved, x: 1400, y: 100 }],
  ['below the edge', { ...saved, x: 100, y: 890 }],
])('a window with %s is brought back', (_where, state) => {
  expect(placeWindow(state, [laptop])).not.toHaveProperty('x');
});

test('the first window has the usual size, on a small screen the screen’s', () => {
  expect(placeWindow(null, [laptop])).toEqual({ width: 1440, height: 875 });
  expect(placeWindow(null, [{ x: 0, y: 0, width: 1024, height: 600 }])).toEqual({ width: 1024, height: 600 });
  expect(placeWindow(null, [])).toEqual({ width: 1440, height: 900 });
});

test('sizes nobody can see are no state', () => {
  expect(windowStateSchema.safeParse({ ...saved, width: 0 }).success).toBe(false);
  expect(windowStateSchema.safeParse({ ...saved, x: Number.NaN }).success).toBe(false);
});
