import type { Simulation } from '../simulation.ts';
import type { CallFate, Message } from '../world/network.ts';
import type { PlatformMood } from '../world/platforms.ts';
import type { Statement } from '../world/statements.ts';

export type FrameTrouble = 'drop' | 'twice' | 'reverse' | 'drop-all';
export type StatementTrouble = 'lost-before' | 'lost-after' | 'crash-before' | 'crash-after';

/** Troubles that wait for their moment; each happens once. What is in no list goes well. */
export class Disturbances {
  readonly calls: Partial<CallFate>[] = [];
  readonly frames: FrameTrouble[] = [];
  readonly moods: PlatformMood[] = [];
  readonly statements: { matches(statement: Statement): boolean; trouble: StatementTrouble }[] = [];
  /** The node ends when an answer whose path begins so is about to leave, or has just left. */
  readonly answers: { path: string; when: 'before' | 'after' }[] = [];
  /** The node ends when a mail has reached the platform, before or after the platform takes it. */
  readonly sends: ('before' | 'after')[] = [];
  readonly #sim: Simulation;

  constructor(sim: Simulation) {
    this.#sim = sim;
    const { network, platforms, statements } = sim.world;
    network.fateOf = () => ({ lost: false, twice: false, answerLost: false, ...this.calls.shift() });
    network.disturb = (queue) => this.#disturbFrames(queue);
    network.beforeAnswer = (server, call) => {
      const [index] = this.answers.flatMap(({ path }, at) => (call.path.startsWith(path) ? [at] : []));
      if (index === undefined) return true;
      const [answer] = this.answers.splice(index, 1);
      sim.witness.counts.crashes += 1;
      if (answer?.when === 'before') {
        server.owner.die();
        return false;
      }
      const run = () => server.owner.die();
      sim.world.scheduler.add({ owner: server.owner, kind: 'network', label: 'the end of a node', run });
      return true;
    };
    platforms.mood = () => this.moods.shift() ?? 'good';
    platforms.onArrival = (owner, when) => {
      if (this.sends[0] !== when) return;
      this.sends.shift();
      sim.witness.counts.crashes += 1;
      owner.die();
    };
    statements.fault = (statement) => {
      const index = this.statements.findIndex(({ matches }) => matches(statement));
      if (index < 0) return null;
      const [found] = this.statements.splice(index, 1);
      if (found?.trouble.startsWith('crash')) sim.witness.counts.crashes += 1;
      return found?.trouble ?? null;
    };
  }

  /** From here on all goes well. */
  end(): void {
    const { world } = this.#sim;
    for (const list of [this.calls, this.frames, this.moods, this.statements, this.answers, this.sends])
      list.length = 0;
    world.network.offline.clear();
    world.disksAreSlow = false;
  }

  #disturbFrames(queue: Message[]): void {
    const first = queue[0];
    if (!first || first.event === 'connect') return;
    const trouble = this.frames.shift();
    if (trouble === 'drop') queue.shift();
    else if (trouble === 'twice') queue.unshift(first);
    else if (trouble === 'reverse') queue.reverse();
    else if (trouble === 'drop-all') queue.length = 0;
  }
}
