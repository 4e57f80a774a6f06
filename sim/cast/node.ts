import type { Config } from '../../apps/sync-server/src/config/config.ts';
import { type RunningServer, startServer } from '../../apps/sync-server/src/main.ts';
import { createRandom } from '../../packages/shared/src/testing/random.ts';
import { SimProcess } from '../world/sim-process.ts';
import type { World } from '../world/world.ts';
import { log } from './log.ts';

/** A server node: the product's own composition, in a process that may die. */
export class ServerNode {
  readonly process: SimProcess;
  readonly server: Promise<RunningServer>;

  constructor(
    world: World,
    name: string,
    seed: number,
    options: { config: Config; databaseUrl: string; dataDir: string },
  ) {
    this.process = new SimProcess(world, name, createRandom(seed));
    const { config, databaseUrl, dataDir } = options;
    this.server = this.process.run(() =>
      startServer(config, { databaseUrl, dataDir, log, now: () => this.process.now() }),
    );
    // A node may die before it has started.
    this.server.catch(() => undefined);
  }
}
