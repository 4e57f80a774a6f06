import type { DeskRuntime } from '../../apps/desktop/src/renderer/desk/desk-runtime.ts';
import { createRandom } from '../../packages/shared/src/testing/random.ts';
import { SimProcess } from '../world/sim-process.ts';
import { type Instance, storageFor } from '../world/sim-storage.ts';
import type { World } from '../world/world.ts';
import type { DeviceCode } from './device-code.ts';
import { deviceFetch } from './device-fetch.ts';
import type { StageDevice } from './stage.ts';

/** A console: its disk, and the process that runs on it now. */
export class Device {
  readonly index: number;
  readonly facts: StageDevice;
  readonly #world: World;
  readonly #code: DeviceCode;
  readonly #seed: number;
  readonly #skewMs: number;
  #starts = 0;
  #process: SimProcess | null = null;
  #desk: DeskRuntime | null = null;
  #closing: Promise<unknown> = Promise.resolve();
  #isReplaced = false;
  readonly #opened = new Map<string, Instance>();

  constructor(world: World, index: number, facts: StageDevice, code: DeviceCode, seed: number, skewMs: number) {
    this.#world = world;
    this.index = index;
    this.facts = facts;
    this.#code = code;
    this.#seed = seed;
    this.#skewMs = skewMs;
  }

  get process(): SimProcess | null {
    return this.#process;
  }

  /** Null while it is off or still starting. */
  get desk(): DeskRuntime | null {
    return this.#desk;
  }

  async start(): Promise<void> {
    await this.#closing;
    if (this.#isReplaced) this.#erase();
    this.#starts += 1;
    const { agent, token } = this.facts;
    const process = new SimProcess(
      this.#world,
      `${agent.name}-${this.index}`,
      createRandom(this.#seed * 31 + this.#starts),
      this.#skewMs,
    );
    this.#process = process;
    const storage = storageFor(process, this.#code.storage, this.#opened);
    const desk = await process.run(() =>
      this.#code.startDesk({
        agent,
        name: `sim/${agent.id}`,
        replicaStorage: storage,
        ownStorage: storage,
        transport: this.#code.createHttpTransport({
          origin: 'http://desk.example',
          agentId: agent.id,
          token,
          fetch: deviceFetch(process),
        }),
        multiTab: false,
        locks: null,
        lastResort: { read: () => null, write: () => undefined },
        presence: { read: () => 'online', write: () => undefined },
        listenToDevice: () => () => undefined,
        endSession: async () => undefined,
        now: () => process.now(),
      }),
    );
    if (process.alive) this.#desk = desk;
    else this.#closing = process.run(() => desk.close());
  }

  /** What lies on the disk in one collection, by id. */
  async read(collection: string): Promise<Map<string, Record<string, unknown>>> {
    const instance = this.#opened.get(collection);
    if (!instance) return new Map();
    await instance.findDocumentsById([], false); // brings what was written last into the state below
    const { documents } = (instance as unknown as { internals: { documents: Map<string, Record<string, unknown>> } })
      .internals;
    return new Map([...documents].filter(([, document]) => document._deleted !== true));
  }

  /** Ends at once, whatever is under way; only what is on the disk is left. */
  crash(): void {
    const { process, desk } = { process: this.#process, desk: this.#desk };
    this.#process = null;
    this.#desk = null;
    if (!process) return;
    this.#world.network.cutAll(process, 'transport close');
    process.die();
    // Frees what the dead process held in memory; its disk does not hear of it.
    if (desk) this.#closing = process.run(() => desk.close().catch(() => undefined));
  }

  /** The agent goes on with a new one, whose disk is empty. */
  replace(): void {
    this.crash();
    this.#isReplaced = true;
  }

  async close(): Promise<void> {
    this.crash();
    await this.#closing;
    this.#erase();
  }

  #erase(): void {
    this.#isReplaced = false;
    this.#code.storage.collectionStates.clear();
    this.#opened.clear();
  }
}
