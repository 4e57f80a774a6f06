// What PostgreSQL's jsonb refuses although JavaScript allows it: U+0000 and halves of surrogate pairs.
const REFUSED = /\\u0000|\\ud[89a-f]/;

/** JSON for a jsonb column. Characters the database refuses are dropped (U+0000) or replaced (half a surrogate pair). */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return REFUSED.test(text)
    ? JSON.stringify(value, (_key, inner) => (typeof inner === 'string' ? toStorableText(inner) : inner))
    : text;
}

/** Text that any text column takes. */
export function toStorableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** The same JSON value without what the database refuses; the value itself where there is nothing to drop. */
export function toStorable(value: unknown): unknown {
  const text = JSON.stringify(value) ?? 'null';
  return REFUSED.test(text) ? JSON.parse(toJsonText(value)) : value;
}
