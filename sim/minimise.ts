import type { Step } from './plan/plan.ts';

/**
 * Leaves out steps for as long as what is left still fails (delta debugging over halves, quarters, …).
 *
 * @param fails - runs what is left.
 * @param budgetMs - after this the smallest plan so far is good enough.
 */
export async function minimise(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
  budgetMs: number,
): Promise<readonly Step[]> {
  const endsAt = performance.now() + budgetMs;
  let left = steps;
  for (let size = Math.ceil(left.length / 2); size >= 1 && performance.now() < endsAt; ) {
    let removed = false;
    for (let start = 0; start < left.length && performance.now() < endsAt; ) {
      const without = [...left.slice(0, start), ...left.slice(start + size)];
      if (without.length < left.length && (await fails(without))) {
        left = without;
        removed = true;
      } else start += size;
    }
    if (size === 1 && !removed) break;
    size = removed ? Math.min(size, Math.ceil(left.length / 2)) : Math.floor(size / 2);
  }
  return left;
}
