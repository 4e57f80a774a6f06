import type { Logger } from 'pino';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { Db } from '../db/database.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { ChangeBus } from '../replication/change-log.ts';

/** What carrying out commands needs. */
export interface CommandDeps {
  db: Db;
  accounts: AccountDirectory;
  bus: ChangeBus;
  metrics: Metrics;
  log: Logger;
  now: () => number;
  createId: () => string;
  /** Called after a commit that queued an effect. */
  wakeOutbound: () => void;
}
