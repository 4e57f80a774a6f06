/** Class names from parts of which some may be absent. */
export function join(...parts: (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
