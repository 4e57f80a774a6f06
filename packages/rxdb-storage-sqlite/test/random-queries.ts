import type { MangoQuery, RxDocumentData, RxJsonSchema } from 'rxdb/plugins/core';
import { fillWithDefaultSettings } from 'rxdb/plugins/core';

/** Mulberry32: the same cases for the same seed. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(end: number): number {
    return Math.floor(this.next() * end);
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
  chance(share: number): boolean {
    return this.next() < share;
  }
}

export type Thing = {
  id: string;
  name: string;
  rank: number;
  ratio: number;
  open: boolean;
  at: { place: string };
  note?: string | null | number | undefined;
  tags: string[];
  parts: { size: number; kind: string }[];
};

const text = { type: 'string', maxLength: 20 } as const;
export const schema: RxJsonSchema<RxDocumentData<Thing>> = fillWithDefaultSettings<Thing>({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text,
    name: text,
    rank: { type: 'integer', minimum: -1000, maximum: 1000, multipleOf: 1 },
    ratio: { type: 'number', minimum: -10, maximum: 10, multipleOf: 0.25 },
    open: { type: 'boolean' },
    at: { type: 'object', properties: { place: text }, required: ['place'] },
    note: {},
    tags: { type: 'array', items: { type: 'string' } },
    parts: { type: 'array', items: { type: 'object' } },
  },
  required: ['id', 'name', 'rank', 'ratio', 'open', 'at', 'tags', 'parts'],
  indexes: ['name', 'rank', ['open', 'rank'], ['open', 'name', 'ratio'], ['at.place', 'rank', 'name', 'open'], 'ratio'],
});

const WORDS = [
  'a',
  'ab',
  'b',
  'B',
  'é',
  '信风',
  '信',
  '！',
  '\uFF21',
  '😀',
  '😀b',
  '\u{1F600}a',
  '\uE000',
  'zz',
  '',
  'a b',
  '10',
  '9',
];
const KINDS = ['x', 'y', 'z'];

function number(random: Random): number {
  return random.below(9) - 4;
}

export function buildThing(random: Random, id: string, at: number): RxDocumentData<Thing> {
  const note = random.of([undefined, null, 'n', 'a', 3, 'nothing']);
  return {
    id,
    name: random.of(WORDS),
    rank: number(random),
    ratio: number(random) / 4,
    open: random.chance(0.5),
    at: { place: random.of(WORDS) },
    ...(note === undefined ? {} : { note }),
    tags: Array.from({ length: random.below(3) }, () => random.of(WORDS)),
    parts: Array.from({ length: random.below(3) }, () => ({ size: number(random), kind: random.of(KINDS) })),
    _deleted: random.chance(0.1),
    _attachments: {},
    _meta: { lwt: 1000 + at },
    _rev: `1-${id}`,
  };
}

type Pool = { ids: string[]; nulls: boolean };
const FIELDS = ['id', 'name', 'rank', 'ratio', 'open', 'at.place', 'note', '_deleted'] as const;

function valueFor(random: Random, field: string, { ids, nulls }: Pool): unknown {
  if (nulls && random.chance(0.03)) return null;
  if (field === 'id') return random.of(ids);
  if (field === 'rank') return number(random);
  if (field === 'ratio') return number(random) / 4;
  if (field === 'open' || field === '_deleted') return random.chance(0.5);
  if (field === 'note') return random.of<unknown>(['n', 'a', 3]);
  return random.of(WORDS);
}

function fieldMatcher(random: Random, field: string, pool: Pool): unknown {
  const value = () => valueFor(random, field, pool);
  const list = () => Array.from({ length: random.below(4) }, value);
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
      return { $eq: value() };
    case 3:
      return { $gt: value() };
    case 4:
      return { $gte: value() };
    case 5:
      return { $lt: value() };
    case 6:
      return { $lte: value() };
    case 7:
      return { $gt: value(), $lte: value() };
    case 8:
      return { $in: list() };
    case 9:
      return { $nin: list() };
    case 10:
      return { $ne: value() };
    case 11:
      return { $not: { $gt: value() } };
    case 12:
      return { $exists: random.chance(0.7) };
    default:
      return field === 'name' || field === 'at.place' ? { $regex: random.of(['^a', 'b$', '信']) } : { $eq: value() };
  }
}

function buildSelector(random: Random, pool: Pool, depth = 0): Record<string, unknown> {
  const selector: Record<string, unknown> = {};
  for (let n = random.below(4); n > 0; n--) {
    const field = random.of(FIELDS);
    selector[field] = fieldMatcher(random, field, pool);
  }
  if (depth < 2 && random.chance(0.35)) {
    const parts = Array.from({ length: 1 + random.below(3) }, () => buildSelector(random, pool, depth + 1));
    selector[random.of(['$or', '$and', '$nor', '$or'])] = parts;
  }
  if (random.chance(0.08))
    selector.tags = random.of<unknown>([{ $size: 2 }, { $elemMatch: { $gt: 'b' } }, { $in: ['a', 'b'] }]);
  if (random.chance(0.08)) selector.parts = { $elemMatch: { size: { $gte: number(random) }, kind: random.of(KINDS) } };
  return selector;
}

export function buildQuery(random: Random, ids: string[], { nulls = true } = {}): MangoQuery<Thing> {
  const selector = buildSelector(random, { ids, nulls });
  // RxDB always asks so; sometimes it is left away here, for tombstones.
  if (random.chance(0.8)) selector._deleted = { $eq: false };
  const query: Record<string, unknown> = { selector };
  if (random.chance(0.8)) {
    const fields = new Set(
      Array.from({ length: 1 + random.below(3) }, () => random.of(FIELDS.filter((f) => f !== 'note'))),
    );
    query.sort = [...fields].map((field) => ({ [field]: random.of(['asc', 'desc']) }));
  }
  if (random.chance(0.4)) query.limit = random.below(12);
  if (random.chance(0.3)) query.skip = random.below(8);
  return query as MangoQuery<Thing>;
}
