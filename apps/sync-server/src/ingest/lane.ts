/** Lanes per account: enough that senders rarely share one, few enough to claim many at once. */
export const LANES_PER_ACCOUNT = 64;

/** The lane of a sender, thread or order (FNV-1a): equal keys keep their order, different ones mostly run side by side. */
export function laneOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % LANES_PER_ACCOUNT;
}
