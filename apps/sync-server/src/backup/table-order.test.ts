import { expect, test } from 'vitest';
import { orderByReference } from './table-order.ts';

const names = (...list: string[]) => list.map((name) => ({ name }));

test('a table comes after those its rows point to, whatever the order given', () => {
  const references = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'c' },
    { from: 'd', to: 'c' },
  ];
  const order = orderByReference(names('a', 'b', 'c', 'd', 'e'), references).map(({ name }) => name);
  expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(order.indexOf('a')).toBeGreaterThan(order.indexOf('b'));
  expect(order.indexOf('b')).toBeGreaterThan(order.indexOf('c'));
  expect(order.indexOf('d')).toBeGreaterThan(order.indexOf('c'));
});

test('a circle is told', () => {
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(() => orderByReference(names('a', 'b'), circle)).toThrow('The tables a, b point to each other in a circle.');
});
