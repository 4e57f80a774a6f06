import type { RxDocumentData, RxJsonSchema } from 'rxdb/plugins/core';
import { getPrimaryFieldOfPrimaryKey, getSchemaByObjectPath } from 'rxdb/plugins/core';
import type { SqlValue } from './sqlite.ts';

export type AnySchema = RxJsonSchema<RxDocumentData<unknown>>;
export type AnyDocument = Record<string, unknown> & { _rev: string; _deleted: boolean; _meta: { lwt: number } };

export type Field = { path: string; column: string; type: 'string' | 'number' | 'boolean' };

/** How a collection lies in SQLite: derived from its schema alone, by writers and readers alike. */
export type Layout = {
  primaryPath: string;
  fields: Field[];
  byPath: ReadonlyMap<string, Field>;
  /** Column lists. */
  indexes: string[][];
};

/** Columns that every collection has. */
export const DELETED = 'f0';
export const LWT = 'f1';

const layouts = new WeakMap<object, Layout>();

export function layoutOf(schema: AnySchema): Layout {
  const known = layouts.get(schema);
  if (known) return known;
  const layout = toLayout(schema);
  layouts.set(schema, layout);
  return layout;
}

function toLayout(schema: AnySchema): Layout {
  const primaryPath: string = getPrimaryFieldOfPrimaryKey(schema.primaryKey as never);
  const indexes = (schema.indexes ?? []).map((index) => (typeof index === 'string' ? [index] : [...index]) as string[]);
  const paths = new Set(['_deleted', '_meta.lwt', ...indexes.flat()]);
  paths.delete(primaryPath);
  const fields: Field[] = [...paths].map((path, at) => ({ path, column: `f${at}`, type: typeOf(schema, path) }));
  fields.unshift({ path: primaryPath, column: 'id', type: 'string' });
  const byPath = new Map(fields.map((field) => [field.path, field]));
  return {
    primaryPath,
    fields,
    byPath,
    indexes: indexes
      .map((index) => index.map((path) => byPath.get(path)?.column ?? ''))
      // `id` is unique: what follows it orders nothing, and alone (or behind `_deleted`) its own index serves as well.
      .map((columns) => (columns.includes('id') ? columns.slice(0, columns.indexOf('id') + 1) : columns))
      .filter((columns) => columns.some((column) => column !== 'id' && column !== DELETED)),
  };
}

function typeOf(schema: AnySchema, path: string): Field['type'] {
  if (path === '_deleted') return 'boolean';
  if (path === '_meta.lwt') return 'number';
  const { type } = getSchemaByObjectPath(schema as never, path) ?? {};
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'string';
}

/**
 * A string as SQLite must hold it so that its order of UTF-8 bytes is JavaScript's order of UTF-16 units, and so that
 * a lone surrogate survives: units from U+D800 on become two characters, surrogates before all others. U+0000 does
 * too: for parts of SQLite a text ends there.
 */
export function toOrderedText(text: string): string {
  return SPECIAL_UNIT.test(text) ? text.replace(SPECIAL_UNITS, encodeUnit) : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
const SPECIAL_UNIT = /[\0\x01\uD800-\uFFFF]/;
const SPECIAL_UNITS = new RegExp(SPECIAL_UNIT, 'g');

function encodeUnit(unit: string): string {
  const code = unit.charCodeAt(0);
  if (code < 2) return String.fromCharCode(1, code + 1);
  return code < 0xe000
    ? String.fromCharCode(0xe000, 0x100 + code - 0xd800)
    : String.fromCharCode(0xe001, 0x100 + code - 0xe000);
}

/** A value as the column of `field` holds it; `undefined` where its type is not the schema's. */
export function toColumnValue(field: Field, value: unknown): SqlValue | undefined {
  if (typeof value !== field.type) return undefined;
  if (typeof value === 'string') return toOrderedText(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return Number.isFinite(value) ? (value as number) : undefined;
}

/**
 * The columns of a document in the order of `layout.fields`. `odd` says that a value is not of the type of its
 * schema (nothing forces documents to be valid): columns cannot tell such a collection's queries apart.
 */
export function toColumns(layout: Layout, document: object): { values: SqlValue[]; odd: boolean } {
  let odd = false;
  const values = layout.fields.map((field) => {
    const found = read(document, field.path);
    if (found === undefined) return null;
    const value = toColumnValue(field, found);
    if (value === undefined) odd = true;
    return value ?? null;
  });
  return { values, odd };
}

function read(document: object, path: string): unknown {
  if (!path.includes('.')) return (document as Record<string, unknown>)[path];
  let value: unknown = document;
  for (const part of path.split('.')) {
    if (value === undefined) return undefined;
    // Mango looks into each element of a list on the way, and null is not the same as nothing: no column can say that.
    if (value === null || Array.isArray(value)) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Tables and indexes of collection number `no`. The body comes last: its overflow pages are read only when it is. */
export function toTables(layout: Layout, no: number): string[] {
  const columns = layout.fields.slice(1).map((field) => `${field.column}, `);
  return [
    `CREATE TABLE d${no} (k INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rev TEXT NOT NULL, ${columns.join('')}body TEXT NOT NULL)`,
    ...layout.indexes.map((index, at) => `CREATE INDEX d${no}_${at} ON d${no} (${index.join(', ')})`),
    // For the cleanup of tombstones; costs living documents nothing.
    `CREATE INDEX d${no}_dead ON d${no} (${LWT}) WHERE ${DELETED} = 1`,
    `CREATE TABLE a${no} (id TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (id, name)) WITHOUT ROWID`,
  ];
}
