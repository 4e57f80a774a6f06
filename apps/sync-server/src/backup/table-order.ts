/** Rows of `from` point to rows of `to`. */
export interface Reference {
  from: string;
  to: string;
}

/**
 * Tables in an order in which each comes after those its rows point to, so that foreign keys hold while it is loaded.
 *
 * @throws Error when tables point to each other in a circle.
 */
export function orderByReference<TTable extends { name: string }>(
  tables: readonly TTable[],
  references: readonly Reference[],
): TTable[] {
  const ordered: TTable[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const free = left.filter(
      ({ name }) => !references.some(({ from, to }) => from === name && to !== name && waiting.has(to)),
    );
    if (free.length === 0) throw new Error(`The tables ${[...waiting].join(', ')} point to each other in a circle.`);
    ordered.push(...free);
    left = left.filter((table) => !free.includes(table));
  }
  return ordered;
}
