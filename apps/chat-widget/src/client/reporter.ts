import type { Connection } from './connection.ts';
import { findReceipt } from './receipts.ts';
import type { Visit } from './visit.ts';

export interface Reporter {
  /** Tells the desk soon which of its messages arrived and were read, as far as it was not told. */
  report(): void;
  /**
   * A new connection. What was reported before may be lost, by a line that broke or a desk set back to a backup, and is
   * reported again: the desk drops what it knows.
   */
  begin(): void;
}

/** What arrives before somebody's eyes is read a moment later: one receipt for both. */
const SOON_MS = 200;

export function createReporter(connection: Connection, readVisit: () => Visit): Reporter {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    timer = undefined;
    if (connection.state !== 'online') return;
    const { talk, memory } = readVisit();
    const found = findReceipt(talk.messages, memory.readOrder(), memory.reported());
    if (found === null) return;
    connection.notify('receipt', found.receipt);
    memory.setReported(found.reported);
  }

  return {
    report() {
      if (timer === undefined) timer = setTimeout(tell, SOON_MS);
    },
    begin: () => readVisit().memory.setReported({ delivered: 0, read: 0 }),
  };
}
