import type { CommandDraft } from '../apps/desktop/src/renderer/desk/types.ts';
import { createRandom } from '../packages/shared/src/testing/random.ts';
import { Device } from './cast/device.ts';
import type { DeviceCode } from './cast/device-code.ts';
import { ServerNode } from './cast/node.ts';
import type { Stage } from './cast/stage.ts';
import { OpenThread } from './checks/open-thread.ts';
import { watch } from './checks/watch.ts';
import { Disturbances } from './faults/disturbances.ts';
import { AccessHistory } from './model/access-history.ts';
import { Witness } from './model/witness.ts';
import type { Step } from './plan/plan.ts';
import { stepKinds } from './plan/step-kinds.ts';
import type { Task } from './world/scheduler.ts';
import { World } from './world/world.ts';

/** Clocks of consoles may be wrong by this much, either way. */
const MAX_SKEW_MS = 20 * 60_000;
const MAX_TASKS_BETWEEN_STEPS = 20;
const MAX_MS_BETWEEN_STEPS = 250;
const LONGEST_CALM_ROUNDS = 150;
const SHORT_ROUNDS = 4;
const OPEN_THREADS = 3;

/** One seed at work: a node, consoles, platforms and everything between them. */
export class Simulation {
  readonly seed: number;
  readonly stage: Stage;
  readonly world: World;
  readonly witness = new Witness();
  readonly disturbances: Disturbances;
  readonly devices: Device[];
  readonly databaseUrl: string;
  node: ServerNode | null = null;
  readonly access: AccessHistory;
  #nodes = 0;
  #numbers = 0;
  readonly #giving = new Map<Device, Promise<unknown>>();
  readonly #threads = new Map<Device, OpenThread[]>();

  constructor(seed: number, stage: Stage, code: readonly DeviceCode[], databaseUrl: string) {
    this.seed = seed;
    this.stage = stage;
    this.databaseUrl = databaseUrl;
    this.world = new World(databaseUrl);
    const random = createRandom(seed);
    this.devices = stage.facts.devices.map((facts, index) => {
      const own = code[index];
      if (!own) throw new Error(`there is no code for device ${index}`);
      const skewMs = Math.round((random() * 2 - 1) * MAX_SKEW_MS);
      return new Device(this.world, index, facts, own, Math.floor(random() * 1e9), skewMs);
    });
    this.disturbances = new Disturbances(this);
    this.access = new AccessHistory(this.world);
    watch(this);
  }

  async open(): Promise<void> {
    await this.access.look();
    await this.startNode();
    for (const device of this.devices) await this.world.drive(device.start(), createRandom(this.seed));
  }

  /** Starts a node where there is none. Nothing else happens until it listens. */
  async startNode(): Promise<void> {
    if (this.node?.process.alive) return;
    await this.world.statements.buried();
    this.#nodes += 1;
    const { config, dataDir } = this.stage;
    const node = new ServerNode(this.world, `node-${this.#nodes}`, this.seed * 101 + this.#nodes, {
      config,
      databaseUrl: this.databaseUrl,
      dataDir,
    });
    this.node = node;
    const own = (task: Task) => task.owner === node.process;
    const died = new Promise<void>((resolve) => node.process.onDeath(resolve));
    // One that could not start ends, as a supervisor would see it; the next one is started later.
    const started = node.server.catch(() => node.process.die());
    await this.world.drive(Promise.race([started, died]), createRandom(this.seed), own);
  }

  async perform(step: Step): Promise<void> {
    const random = createRandom(step.seed);
    const kind = stepKinds[step.kind];
    if (!kind) throw new Error(`there is no kind of step "${step.kind}"`);
    if (random() < 0.4) await this.startNode();
    for (const device of this.devices) if (!device.process && random() < 0.4) await this.startDevice(device);
    await kind.perform(this, random);
    await this.world.scheduler.rest();
    for (let left = Math.floor(random() * MAX_TASKS_BETWEEN_STEPS); left > 0; left--) {
      if (!(await this.happen(random))) break;
    }
    this.world.clock.advance(Math.floor(random() * MAX_MS_BETWEEN_STEPS));
  }

  /** One thing happens. @returns false when nothing waits to happen. */
  async happen(random: () => number): Promise<boolean> {
    const happened = await this.world.scheduler.step(random);
    if (this.node && !this.node.process.alive) await this.world.statements.buried();
    return happened;
  }

  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  /** An id that went over the network some time, to whomever. */
  guessConversation(random: () => number): string | undefined {
    const ids = [...this.witness.conversationIds];
    return ids[Math.floor(random() * ids.length)];
  }

  /** The agent gives a command; from when his device has kept it, it must be carried out. */
  give(device: Device, draft: CommandDraft): void {
    const { process, desk, facts } = device;
    if (!process || !desk) return;
    this.witness.counts.commands += 1;
    const kept = process.run(() => desk.send(draft));
    const noted = kept.then(
      (id) => {
        if (!process.alive) return;
        const input = draft as unknown as Record<string, unknown>;
        const { agent } = facts;
        this.witness.commands.set(id, { id, type: draft.type, agentId: agent.id, device: device.index, input });
        if (draft.type === 'reply')
          this.#threads
            .get(device)
            ?.find((one) => one.id === draft.conversationId)
            ?.expect(id);
      },
      () => undefined, // what cannot be sent is said to the agent
    );
    this.#giving.set(device, noted);
  }

  /** Resolves when the device has kept what its agent did last, or died. */
  async given(device: Device): Promise<void> {
    const { process } = device;
    if (!process) return;
    const died = new Promise<void>((resolve) => process.onDeath(resolve));
    const noted = this.#giving.get(device) ?? Promise.resolve();
    await this.world.drive(Promise.race([noted, died]), createRandom(this.seed), ({ owner }) => owner === process);
  }

  /** The agent has a conversation before him; the last few stay open. */
  async openThread(device: Device, conversationId: string): Promise<void> {
    const { process, desk } = device;
    if (!process || !desk) return;
    const open = this.#threads.get(device)?.filter((one) => one.desk === desk) ?? [];
    if (!open.some(({ id }) => id === conversationId)) {
      open.push(process.run(() => new OpenThread(this.witness, process, desk, conversationId)));
      if (open.length > OPEN_THREADS) open.shift()?.close();
    }
    this.#threads.set(device, open);
    await this.world.scheduler.rest();
  }

  async startDevice(device: Device): Promise<void> {
    await this.world.drive(device.start(), createRandom(this.seed));
  }

  /** All troubles end, and everything comes to rest. @returns false when it does not. */
  async calmDown(random: () => number): Promise<boolean> {
    this.disturbances.end();
    await this.startNode();
    for (const device of this.devices) {
      if (!device.process) await this.startDevice(device);
      device.process?.run(() => device.desk?.retryNow());
    }
    for (let round = 0; round < LONGEST_CALM_ROUNDS; round++) {
      while (await this.happen(random));
      // Its end may have been on its way already when the troubles ended.
      await this.startNode();
      if ((await this.#findUnrest()) === null) return true;
      const { clock } = this.world;
      // At first what is due soon; then what waits for long: a lease, a backoff.
      clock.advance(round < SHORT_ROUNDS ? 600 : 6_000);
    }
    return false;
  }

  /** What still goes on when it should not. */
  async describeUnrest(): Promise<string> {
    return `it does not come to rest: ${(await this.#findUnrest()) ?? 'for no reason'}`;
  }

  async #findUnrest(): Promise<string | null> {
    for (const { desk, facts, index } of this.devices) {
      const who = `device ${index} of ${facts.agent.name}`;
      if (!desk) return `${who} is not running`;
      if (desk.connection.kind !== 'online') return `${who} is ${JSON.stringify(desk.connection)}`;
      if (desk.model.pendingCount > 0) return `${who} has ${desk.model.pendingCount} commands left`;
    }
    const observer = await this.world.connections.observer();
    const { rows } = await observer.query<{ events: number; effects: number; head: number }>(
      `select (select count(*)::int from inbound_states where state = 'pending') as events,
              (select count(*)::int from effects where state in ('queued', 'attempting')) as effects,
              (select coalesce(max(last_seq), 0)::float8 from commit_marks) as head`,
    );
    const [state] = rows;
    if (!state) return 'the database says nothing';
    if (state.events > 0) return `${state.events} events wait to be processed`;
    if (state.effects > 0) return `${state.effects} messages wait to be sent`;
    for (const device of this.devices) {
      const position = (await device.read('meta')).get('position') as { seq: number } | undefined;
      if ((position?.seq ?? -1) < state.head) {
        return `device ${device.index} stands at ${position?.seq}, the log at ${state.head}`;
      }
    }
    return null;
  }

  async close(): Promise<void> {
    for (const device of this.devices) await this.world.drive(device.close(), createRandom(1));
    this.node?.process.die();
    await this.world.statements.buried();
    await this.world.close();
  }
}
