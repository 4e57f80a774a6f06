import { createLogger } from '../../apps/sync-server/src/observability/logger.ts';

/** What the product logs: nothing, unless somebody looks into a seed (`SIM_LOG=debug`). */
export const log = createLogger((process.env.SIM_LOG ?? 'silent') as 'silent');
