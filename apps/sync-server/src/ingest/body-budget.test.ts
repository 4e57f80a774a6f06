import { expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';

const KIB = 1024;
const LARGE = 300 * KIB;

test('what has arrived counts, and what is released is free again', () => {
  const budget = new BodyBudget(1024 * KIB, 1024 * KIB);
  const first = budget.open();
  const second = budget.open();
  for (let sent = 0; sent < 9; sent++) expect(first.grow(100 * KIB)).toBe(true);
  expect(second.grow(200 * KIB)).toBe(true); // still a small one
  expect(second.grow(200 * KIB)).toBe(false); // would be a large one, for which there is no room
  expect(budget.open().fits(LARGE)).toBe(false);
  first.release();
  expect(second.grow(200 * KIB)).toBe(true);
  second.release();
  second.release(); // once is enough
  expect(budget.open().fits(1024 * KIB)).toBe(true);
  expect(budget.open().fits(1025 * KIB)).toBe(false);
});

test('large bodies never take the room of small ones, nor the other way round', () => {
  const budget = new BodyBudget(400 * KIB, 400 * KIB);
  const large = budget.open();
  expect(large.grow(400 * KIB)).toBe(true);
  const small = budget.open();
  expect(small.grow(200 * KIB)).toBe(true);
  expect(budget.open().grow(200 * KIB)).toBe(true);
  expect(budget.open().grow(1)).toBe(false);
  large.release();
  expect(budget.open().grow(LARGE)).toBe(true);
});
