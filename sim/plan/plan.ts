import { createRandom } from '../../packages/shared/src/testing/random.ts';
import { stepKinds } from './step-kinds.ts';

/** So many customers write before anything else: agents need somebody to answer. */
const FIRST_CUSTOMERS = 16;

/** One thing the world does to the desk. All its choices follow from its own seed, so that other steps may be left out. */
export interface Step {
  /** Its place in the whole plan; names it when the plan is replayed in part. */
  number: number;
  kind: string;
  seed: number;
}

/** The plan of a seed: so many steps of each kind, in an order of its own. */
export function planOf(seed: number): Step[] {
  const random = createRandom(seed * 7_919 + 17);
  const kinds = Object.entries(stepKinds).flatMap(([kind, { times }]) => Array.from({ length: times }, () => kind));
  for (let index = kinds.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [kinds[index], kinds[other]] = [kinds[other] ?? '', kinds[index] ?? ''];
  }
  const first = kinds.filter((kind) => kind === 'mail' || kind === 'chat').slice(0, FIRST_CUSTOMERS);
  for (const kind of first) kinds.splice(kinds.indexOf(kind), 1);
  return [...first, ...kinds].map((kind, index) => ({ number: index + 1, kind, seed: Math.floor(random() * 2 ** 31) }));
}
