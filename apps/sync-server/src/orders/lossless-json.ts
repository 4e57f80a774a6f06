/**
 * Parses JSON with every number as its source text: ids beyond 2^53 and decimal amounts never pass through a binary
 * float (R13).
 *
 * @throws SyntaxError for what is no JSON, RangeError for nesting beyond the stack.
 */
export function parseLosslessJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value,
  );
}
