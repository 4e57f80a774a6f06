/** Lower-case hex of the given length from a generator of numbers in [0, 1). */
export function createHex(random: () => number, length: number): string {
  let text = '';
  while (text.length < length) text += Math.floor(random() * 16).toString(16);
  return text;
}

/** A version 4 UUID from the same kind of generator. */
export function createUuid(random: () => number): string {
  const hex = createHex(random, 30);
  const variant = '89ab'[Math.floor(random() * 4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}
