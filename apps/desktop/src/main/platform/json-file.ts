import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/**
 * A small file of the profile, read once and written whole. A damaged one is kept beside, under another name, and told
 * about; it is never overwritten in silence.
 */
export class JsonFile<TValue> {
  readonly #path: string;
  #value: TValue;
  /** Where a damaged file lies now, or null: in a folder that cannot be written it stays where it was. */
  readonly setAside: string | null;

  /** @param schema - takes `{}`: what a new profile begins with. */
  constructor(path: string, schema: z.ZodType<TValue>, nowMs = Date.now()) {
    this.#path = path;
    const read = readValue(path, schema);
    this.setAside = read.kind === 'damaged' ? setAside(path, nowMs) : null;
    this.#value = read.kind === 'ok' ? read.value : schema.parse({});
  }

  get value(): TValue {
    return this.#value;
  }

  /** Written to another file and put in place: a crash in between leaves the old one. @throws when the disk is full. */
  save(value: TValue): void {
    this.#value = value;
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.new`;
    writeFileSync(draft, JSON.stringify(value, null, 2), { mode: 0o600 });
    renameSync(draft, this.#path);
  }
}

type Read<TValue> = { kind: 'ok'; value: TValue } | { kind: 'missing' | 'damaged' };

function readValue<TValue>(path: string, schema: z.ZodType<TValue>): Read<TValue> {
  if (!existsSync(path)) return { kind: 'missing' };
  try {
    return { kind: 'ok', value: schema.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch {
    return { kind: 'damaged' };
  }
}

function setAside(path: string, nowMs: number): string {
  const aside = `${path}.damaged-${nowMs}`;
  try {
    renameSync(path, aside);
    return aside;
  } catch {
    return path;
  }
}
