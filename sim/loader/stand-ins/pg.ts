import pg from 'pg';
import { SimPool } from '../../world/sim-pool.ts';

/** The real driver with a pool whose statements wait for their turn. */
export default { ...pg, types: pg.types, Pool: SimPool };
