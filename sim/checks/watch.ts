import { commandsResponseSchema } from '../../packages/shared/src/protocol/commands.ts';
import type { Simulation } from '../simulation.ts';
import type { HttpAnswer, HttpCall } from '../world/sim-http-server.ts';
import type { SimProcess } from '../world/sim-process.ts';
import { checkVisible, type SentChange } from './visible-only.ts';

/** Looks at everything that leaves a server, whether it arrives or not. */
export function watch(sim: Simulation): void {
  const { network } = sim.world;
  // A copy that is right needs no repair; after it the end would not show what was wrong [R6].
  sim.world.onWarning = (owner, text) => {
    if (text.includes('differed from the server'))
      sim.witness.violate('R6', `the copy of ${owner.name} had to be repaired`);
  };
  network.onAnswer = (to, call, answer) => {
    if (call.path.startsWith('/webhooks/')) noteWebhook(sim, call, answer);
    else if (to && call.path.startsWith('/api/commands')) noteResults(sim, answer);
    else if (to && call.path.startsWith('/api/sync/') && answer.status === 200) {
      const { changes = [], items = [] } = JSON.parse(answer.body.toString('utf8')) as {
        changes?: SentChange[];
        items?: SentChange[];
      };
      look(sim, to, [...changes, ...items]);
    }
  };
  network.onPush = (to, { event, args }) => {
    if (event === 'changes') look(sim, to, (args[0] as { changes: SentChange[] }).changes);
  };
}

function look(sim: Simulation, to: SimProcess, changes: readonly SentChange[]): void {
  const device = sim.devices.find(({ process }) => process === to);
  for (const change of changes) if (change.collection === 'conversation') sim.witness.conversationIds.add(change.id);
  if (device) checkVisible(sim, device.facts.agent.id, changes);
}

function noteWebhook(sim: Simulation, call: HttpCall, answer: HttpAnswer): void {
  const event = sim.witness.events.find((one) => one.call === call);
  event?.statuses.push(answer.status);
  if (event && answer.status < 300) event.accepted = true;
}

function noteResults(sim: Simulation, answer: HttpAnswer): void {
  if (answer.status !== 200) return;
  const { results } = commandsResponseSchema.parse(JSON.parse(answer.body.toString('utf8')));
  for (const result of results) sim.witness.noteResult(result);
}
