import type { CommandDraft } from '../../apps/desktop/src/renderer/desk/types.ts';
import { pick } from '../../packages/shared/src/testing/random.ts';
import type { Device } from '../cast/device.ts';
import type { Simulation } from '../simulation.ts';
import type { StepKind } from './step-kind.ts';

type Choose = (sim: Simulation, device: Device, conversationId: string, random: () => number) => CommandDraft | null;

const TAGS = ['refund', 'urgent', 'spam', 'vip'];

/** What agents do, by how often they do it. */
const CHOICES: Readonly<Record<string, { times: number; choose: Choose }>> = {
  reply: {
    times: 95,
    choose: (sim, device, conversationId) => {
      const seen = device.desk?.model.messages(conversationId)?.at(-1)?.id ?? null;
      const text = `out-${sim.nextNumber()}`;
      return { type: 'reply', conversationId, text, seenMessageId: seen };
    },
  },
  note: {
    times: 30,
    choose: (sim, _device, conversationId) => ({ type: 'note', conversationId, text: `note-${sim.nextNumber()}` }),
  },
  'set-status': {
    times: 30,
    choose: (_sim, device, conversationId, random) => {
      const status = pick(random, ['open', 'resolved', 'snoozed', 'pending'] as const);
      const now = device.desk?.now() ?? 0;
      return status === 'snoozed'
        ? { type: 'set-status', conversationId, status, snoozedUntil: now + Math.floor(random() * 60_000) }
        : { type: 'set-status', conversationId, status };
    },
  },
  assign: {
    times: 30,
    choose: (sim, _device, conversationId, random) => {
      const { agents, teamIds } = sim.stage.facts;
      return random() < 0.7
        ? { type: 'assign', conversationId, agentId: random() < 0.3 ? null : pick(random, agents).id }
        : { type: 'assign', conversationId, teamId: pick(random, teamIds) };
    },
  },
  tag: {
    times: 35,
    choose: (_sim, _device, conversationId, random) => ({
      type: 'tag',
      conversationId,
      add: [pick(random, TAGS)],
      remove: random() < 0.3 ? [pick(random, TAGS)] : [],
    }),
  },
  'start-conversation': {
    times: 12,
    choose: (sim, _device, _conversationId, random) => {
      const accounts = sim.stage.facts.accounts.filter(({ kind }) => kind === 'mailgun');
      return {
        type: 'start-conversation',
        channelAccountId: pick(random, accounts).id,
        to: `writer-${Math.floor(random() * 14)}@example.com`,
        subject: 'Hello',
        text: `out-${sim.nextNumber()}`,
      };
    },
  },
  /** The agent answers what did not go well. */
  settle: {
    times: 15,
    choose: (_sim, device, conversationId, random) => {
      const trouble = device.desk?.model
        .messages(conversationId)
        ?.find(({ direction, status }) => direction === 'out' && (status === 'unknown' || status === 'failed'));
      if (!trouble) return { type: 'tag', conversationId, add: ['looked'], remove: [] };
      return trouble.status === 'failed'
        ? { type: 'retry-message', messageId: trouble.id }
        : {
            type: 'settle-message',
            messageId: trouble.id,
            choice: pick(random, ['resend', 'mark-sent', 'drop'] as const),
          };
    },
  },
};

/** The agent is asked whether what he wrote without knowing of something shall leave all the same. */
const answerHeld: StepKind = {
  times: 20,
  perform: (sim, random) => {
    const asked = sim.devices.filter(({ desk }) => desk?.model.problems.some(({ held }) => held));
    if (asked.length === 0) return;
    const { desk, process } = pick(random, asked);
    const held = desk?.model.problems.find((problem) => problem.held);
    if (!desk || !process || !held) return;
    sim.witness.counts.commands += 1;
    const confirms = random() < 0.6;
    const done = process.run(() => (confirms ? desk.confirmHeld(held.commandId) : desk.dismissProblem(held.commandId)));
    void done.catch(() => undefined);
  },
};

/** A conversation that the device shows, or one it may know by its id alone. */
function findConversation(sim: Simulation, device: Device, random: () => number): string | null {
  const rows = device.desk?.model.conversationList('all') ?? [];
  const ids = rows.map(({ conversation }) => conversation.id).sort();
  if (random() < 0.03) return sim.guessConversation(random) ?? null;
  return ids.length > 0 ? pick(random, ids) : null;
}

function perform(choose: Choose) {
  return async (sim: Simulation, random: () => number) => {
    const running = sim.devices.filter(({ desk }) => desk !== null);
    if (running.length === 0) return;
    const device = pick(random, running);
    const conversationId = findConversation(sim, device, random);
    if (conversationId === null) return;
    await sim.openThread(device, conversationId);
    const draft = choose(sim, device, conversationId, random);
    if (draft) sim.give(device, draft);
  };
}

export const commandKinds: Readonly<Record<string, StepKind>> = {
  ...Object.fromEntries(
    Object.entries(CHOICES).map(([name, { times, choose }]) => [name, { times, perform: perform(choose) }]),
  ),
  'answer-held': answerHeld,
};
