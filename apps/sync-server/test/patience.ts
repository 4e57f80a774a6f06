import { vi } from 'vitest';

// What must come in the end may take its time: `vi.waitFor` gives up after one second unless told otherwise, which a busy
// machine spends on anything, and no setting changes that (`expect.poll` has one).
export const PATIENCE_MS = 20_000;
const { waitFor } = vi;
vi.waitFor = (check, options = {}) =>
  waitFor(check, typeof options === 'number' ? options : { timeout: PATIENCE_MS, ...options });
