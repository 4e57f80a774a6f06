export interface Measurement {
  name: string;
  value: number;
  unit: string;
  /** Against `against`, from the same run. */
  ratio?: number;
  against?: string;
  /** Smallest and largest of the runs the value is the median of. */
  spread?: [number, number];
  n: number;
  /** What the ratio or value must reach. */
  limit?: string;
  ok?: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function spreadOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

export function printTable(rows: readonly Measurement[]): void {
  const round = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3));
  for (const row of rows) {
    const parts = [
      row.name.padEnd(44),
      `${round(row.value)} ${row.unit}`.padEnd(22),
      row.ratio === undefined ? '' : `ratio ${round(row.ratio)} of ${row.against}`,
      row.spread ? `(${round(row.spread[0])} to ${round(row.spread[1])})` : '',
      row.limit === undefined ? '' : `limit ${row.limit}: ${row.ok ? 'reached' : 'MISSED'}`,
      `n=${row.n}`,
    ];
    process.stdout.write(`${parts.filter((part) => part !== '').join('  ')}\n`);
  }
}
