import type { Mutant } from './mutant.ts';

export const unknownRetried: Mutant = {
  name: 'unknown-retried',
  breaks: 'a mail of which nobody knows whether it left is sent again, unasked [R11]',
  edits: [
    {
      file: 'apps/sync-server/src/jobs/ledger.ts',
      find: "    return { state: 'unknown', failure: { kind: 'unknown-outcome', text: result.reason } };",
      replace:
        "    return { state: 'queued', nextAt: nowMs, failure: { kind: 'unknown-outcome', text: result.reason } };",
    },
  ],
  seeds: [],
};
