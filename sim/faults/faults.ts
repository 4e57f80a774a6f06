import { pick } from '../../packages/shared/src/testing/random.ts';
import { callApi } from '../cast/api.ts';
import type { StepKind } from '../plan/step-kind.ts';
import type { Simulation } from '../simulation.ts';
import type { PlatformMood } from '../world/platforms.ts';
import { isCommit } from '../world/statements.ts';

type Fault = (sim: Simulation, random: () => number) => void | Promise<void>;

const some = (random: () => number, most: number) => 1 + Math.floor(random() * most);

function fill<T>(list: T[], count: number, make: () => T): void {
  for (let index = 0; index < count; index++) list.push(make());
}

/** How often each comes in a plan, and what it does. */
const FAULTS: Readonly<Record<string, { times: number; cause: Fault }>> = {
  'node-crash': {
    times: 1,
    cause: (sim) => {
      sim.witness.counts.crashes += 1;
      sim.node?.process.die();
    },
  },
  'node-crash-at-commit': {
    times: 3,
    cause: ({ disturbances }, random) => {
      const trouble = random() < 0.5 ? 'crash-before' : 'crash-after';
      let skip = Math.floor(random() * 4);
      disturbances.statements.push({ trouble, matches: ({ text }) => isCommit(text) && skip-- <= 0 });
    },
  },
  'node-crash-at-statement': {
    times: 1,
    cause: ({ disturbances }, random) => {
      const trouble = random() < 0.5 ? 'crash-before' : 'crash-after';
      let skip = Math.floor(random() * 30);
      disturbances.statements.push({ trouble, matches: () => skip-- <= 0 });
    },
  },
  'node-crash-at-answer': {
    times: 2,
    cause: ({ disturbances }, random) => {
      const path = pick(random, ['/webhooks/', '/api/commands', '/api/sync/']);
      disturbances.answers.push({ path, when: random() < 0.5 ? 'before' : 'after' });
    },
  },
  'node-crash-at-send': {
    times: 2,
    cause: ({ disturbances }, random) => {
      disturbances.sends.push(random() < 0.5 ? 'before' : 'after');
    },
  },
  'connection-lost': {
    times: 3,
    cause: ({ disturbances }, random) => {
      const trouble = random() < 0.5 ? 'lost-before' : 'lost-after';
      let skip = Math.floor(random() * 4);
      const commitsOnly = random() < 0.7;
      disturbances.statements.push({
        trouble,
        matches: ({ text }) => (isCommit(text) || !commitsOnly) && skip-- <= 0,
      });
    },
  },
  'console-crash': {
    times: 4,
    cause: (sim, random) => {
      sim.witness.counts.crashes += 1;
      pick(random, sim.devices).crash();
    },
  },
  /** What it had not handed over would be lost with it: only one that has nothing left is replaced. */
  'new-device': {
    times: 4,
    cause: async (sim, random) => {
      const device = pick(random, sim.devices);
      await sim.given(device);
      if (!device.desk || device.desk.model.pendingCount > 0) return;
      device.replace();
      await sim.startDevice(device);
    },
  },
  offline: {
    times: 4,
    cause: ({ world, devices }, random) => {
      const { process } = pick(random, devices);
      if (!process) return;
      world.network.offline.add(process);
      world.network.cutAll(process, 'transport close');
    },
  },
  online: {
    times: 4,
    cause: ({ world, devices }) => {
      world.network.offline.clear();
      for (const { process, desk } of devices) process?.run(() => desk?.retryNow());
    },
  },
  'sockets-cut': {
    times: 2,
    cause: ({ world, devices }) => {
      for (const { process } of devices) if (process) world.network.cutAll(process, 'ping timeout');
    },
  },
  frames: {
    times: 5,
    cause: ({ disturbances }, random) => {
      fill(disturbances.frames, some(random, 6), () => pick(random, ['drop', 'twice', 'reverse', 'drop-all'] as const));
    },
  },
  calls: {
    times: 5,
    cause: ({ disturbances }, random) => {
      fill(disturbances.calls, some(random, 5), () =>
        pick(random, [{}, { lost: true }, { twice: true }, { answerLost: true }]),
      );
    },
  },
  platform: {
    times: 5,
    cause: ({ disturbances }, random) => {
      const moods: PlatformMood[] = ['busy', 'no-way', 'broken-gateway', 'cut-after', 'silent', 'refuses'];
      fill(disturbances.moods, some(random, 4), () => pick(random, moods));
    },
  },
  'slow-disks': {
    times: 3,
    cause: ({ world }, random) => {
      world.disksAreSlow = random() < 0.7;
    },
  },
  'time-passes': {
    times: 4,
    cause: ({ world }, random) => world.clock.advance(pick(random, [1_500, 6_000, 12_000, 45_000])),
  },
  'agent-teams': {
    times: 4,
    cause: async (sim, random) => {
      const { agents, teamIds, adminToken } = sim.stage.facts;
      const agent = pick(
        random,
        agents.filter(({ role }) => role === 'agent'),
      );
      const chosen = teamIds.filter(() => random() < 0.5);
      change(sim, () => callApi(sim.world, adminToken, 'PATCH', `/api/agents/${agent.id}`, { teamIds: chosen }));
    },
  },
  'account-teams': {
    times: 2,
    cause: async (sim, random) => {
      const { accounts, teamIds, adminToken } = sim.stage.facts;
      const account = pick(random, accounts);
      const path = account.kind === 'shopify' ? 'stores' : 'channels';
      const chosen = teamIds.filter(() => random() < 0.4);
      change(sim, () => callApi(sim.world, adminToken, 'PATCH', `/api/${path}/${account.id}`, { teamIds: chosen }));
    },
  },
};

/** An admin's change is asked for and not waited for; one that does not get through is given up. */
function change(sim: Simulation, ask: () => Promise<unknown>): void {
  sim.witness.counts.accessChanges += 1;
  void ask().catch(() => undefined);
}

/** Every fault as a kind of step. */
export const faultKinds: Readonly<Record<string, StepKind>> = Object.fromEntries(
  Object.entries(FAULTS).map(([name, { times, cause }]) => [
    `fault ${name}`,
    {
      times,
      perform: async (sim, random) => {
        sim.witness.counts.faults += 1;
        await cause(sim, random);
      },
    } satisfies StepKind,
  ]),
);
