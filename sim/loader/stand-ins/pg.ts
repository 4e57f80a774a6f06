import { EventEmitter } from 'node:events';
import pg from 'pg';
import { SimPool } from '../../world/sim-pool.ts';

const silent = async () => undefined;

/** There is one node, and nobody else for it to hear. */
class SilentClient extends EventEmitter {
  readonly connect = silent;
  readonly query = silent;
  readonly end = silent;
}

/** The real driver with a pool whose statements wait for their turn. */
export default { ...pg, types: pg.types, Pool: SimPool, Client: SilentClient };
