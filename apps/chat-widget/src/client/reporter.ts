import type { Connection } from './connection.ts';
import { findReceipt, type Reported } from './receipts.ts';
import type { Visit } from './visit.ts';

export interface Reporter {
  /** Tells the desk which of its messages arrived and were read, as far as it was not told. */
  report(visit: Visit): void;
  /** A connection begins: what is reported on it counts once it has ended well. */
  begin(visit: Visit): void;
  /** It broke: what was reported on it may be lost and is reported again. */
  breakOff(visit: Visit): void;
}

export function createReporter(connection: Connection): Reporter {
  let before: Reported | null = null;
  return {
    report({ talk, memory }) {
      if (connection.state !== 'online') return;
      const found = findReceipt(talk.messages, memory.readOrder(), memory.reported());
      if (found === null) return;
      connection.notify('receipt', found.receipt);
      memory.setReported(found.reported);
    },
    begin({ memory }) {
      before = memory.reported();
    },
    breakOff({ memory }) {
      if (before !== null) memory.setReported(before);
      before = null;
    },
  };
}
