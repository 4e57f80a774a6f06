import type { FilledMangoQuery } from 'rxdb/plugins/core';
import type { Field, Layout } from './layout.ts';
import { DELETED, toColumnValue } from './layout.ts';
import type { SqlValue } from './sqlite.ts';

export type AnyQuery = FilledMangoQuery<unknown>;

/**
 * A condition on columns that holds for every document the selector matches. `exact`: and for no other.
 * What columns cannot say is `ANYTHING`, and RxDB's own matcher decides row by row.
 */
export type Condition = { sql: string; values: SqlValue[]; exact: boolean };

const ANYTHING: Condition = { sql: '1', values: [], exact: false };
const ALL: Condition = { sql: '1', values: [], exact: true };
const NONE: Condition = { sql: '0', values: [], exact: true };
const COMPARISONS: Record<string, string> = { $eq: '=', $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

export function toCondition(layout: Layout, selector: object): Condition {
  return and(
    Object.entries(selector).map(([key, matcher]) => {
      if (key === '$and') return and((matcher as object[]).map((part) => toCondition(layout, part)));
      if (key === '$or') return or((matcher as object[]).map((part) => toCondition(layout, part)));
      const field = layout.byPath.get(key);
      return field ? toFieldCondition(field, matcher) : ANYTHING;
    }),
  );
}

function toFieldCondition(field: Field, matcher: unknown): Condition {
  if (!isPlain(matcher)) return toOperation(field, '$eq', matcher);
  const operations = Object.entries(matcher);
  // `{}` and objects that are values are compared as a whole.
  if (operations.length === 0 || operations.some(([name]) => !name.startsWith('$'))) return ANYTHING;
  return and(operations.map(([name, operand]) => toOperation(field, name, operand)));
}

function toOperation(field: Field, name: string, operand: unknown): Condition {
  const comparison = COMPARISONS[name];
  if (comparison) return toComparison(field, comparison, operand);
  if (name === '$in' && Array.isArray(operand)) return toIn(field, operand);
  if (name === '$ne') {
    const value = toColumnValue(field, operand);
    return value === undefined ? ANYTHING : { sql: `${field.column} IS NOT ?`, values: [value], exact: true };
  }
  if (name === '$exists' && typeof operand === 'boolean') {
    return { sql: `${field.column} IS ${operand ? 'NOT ' : ''}NULL`, values: [], exact: true };
  }
  return ANYTHING;
}

function toComparison(field: Field, comparison: string, operand: unknown): Condition {
  const value = toColumnValue(field, operand);
  return value === undefined ? ANYTHING : { sql: `${field.column} ${comparison} ?`, values: [value], exact: true };
}

function toIn(field: Field, operands: unknown[]): Condition {
  const values = operands.map((operand) => toColumnValue(field, operand));
  // null, patterns and lists match in their own ways.
  if (values.includes(undefined)) return ANYTHING;
  if (values.length === 0) return NONE;
  if (values.length === 1) return { sql: `${field.column} = ?`, values: values as SqlValue[], exact: true };
  return {
    sql: `${field.column} IN (SELECT value FROM json_each(?))`,
    values: [JSON.stringify(values)],
    exact: true,
  };
}

function and(parts: Condition[]): Condition {
  const said = parts.filter((part) => part.sql !== '1');
  const exact = parts.every((part) => part.exact);
  if (said.length === 0) return exact ? ALL : ANYTHING;
  return { sql: said.map((part) => part.sql).join(' AND '), values: said.flatMap((part) => part.values), exact };
}

function or(parts: Condition[]): Condition {
  if (parts.length === 0 || parts.some((part) => part.sql === '1')) {
    return parts.length > 0 && parts.every((part) => part.exact) ? ALL : ANYTHING;
  }
  return {
    sql: `(${parts.map((part) => `(${part.sql})`).join(' OR ')})`,
    values: parts.flatMap((part) => part.values),
    exact: parts.every((part) => part.exact),
  };
}

/** `ORDER BY` of a sort, or null where a field has no column. Nothing (NULL) comes first, as in RxDB's comparator. */
export function toOrder(layout: Layout, sort: AnyQuery['sort']): string | null {
  const terms: string[] = [];
  for (const part of sort) {
    const [path, direction] = Object.entries(part)[0] as [string, string];
    const field = layout.byPath.get(path);
    if (!field) return null;
    terms.push(direction === 'desc' ? `${field.column} DESC` : field.column);
    if (field.column === 'id') break;
  }
  return terms.join(', ');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * The condition with `_deleted` kept from choosing the index (SQLite's `+`): without statistics SQLite takes an equal
 * `_deleted`, which nearly all documents have, for a better bound than ids or an order by id.
 */
export function leadById(condition: Condition, query: AnyQuery, { primaryPath }: Layout): Condition {
  const { _deleted, ...selector } = query.selector as Record<string, unknown>;
  const matcher = selector[primaryPath];
  const names = isPlain(matcher) ? Object.keys(matcher) : [];
  const [first] = query.sort.flatMap((part) => Object.keys(part)).filter((path) => path !== '_deleted');
  const byIds = names.includes('$eq') || names.includes('$in');
  const byOrder = first === primaryPath && Object.keys(selector).every((path) => path === primaryPath);
  if (!byIds && !byOrder) return condition;
  return { ...condition, sql: condition.sql.replaceAll(`${DELETED} = ?`, `+${DELETED} = ?`) };
}
