import { createHash } from 'node:crypto';
import type { CommandInput } from '@tradewind/shared/commands/registry';
import { createUuidV7 } from '@tradewind/shared/ids';
import { createRandom } from '@tradewind/shared/testing/random';
import type { FaultLab } from '../lab.ts';
import type { DemoChannels } from './connect.ts';
import type { DeskClient } from './desk-client.ts';
import type { DeskFeed } from './desk-feed.ts';
import { buildFile } from './files.ts';
import type { AgentStep, Outcome } from './plan-threads.ts';

/** What conversations are played on. */
export interface Stage {
  lab: FaultLab;
  feed: DeskFeed;
  /** Those who answer; whoever runs the desk comes last. */
  agents: readonly DeskClient[];
  channels: DemoChannels;
  teams: { care: string; wholesale: string };
}

// Any fixed instant does: command ids must be the same on every start, and look like those that consoles make.
const ID_TIME_MS = Date.UTC(2026, 0, 1);
const SNOOZED_FOR_MS = 26 * 3_600_000;

function toDigest({ channels }: Stage, name: string): Buffer {
  return createHash('sha256').update(`${channels.support}/${name}`).digest();
}

/** The same name gives the same id, so a seeding that was interrupted goes on where it stopped. */
export function toCommandId(stage: Stage, name: string): string {
  const digest = toDigest(stage, name);
  return createUuidV7(ID_TIME_MS, (size) => digest.subarray(0, size));
}

/** 43 characters that are always the same for a visitor of this desk; nobody but invented people has such a token. */
export function toVisitorToken(stage: Stage, name: string): string {
  return toDigest(stage, `visitor/${name}`).toString('base64url');
}

function findAgent({ agents }: Stage, index: number): DeskClient {
  const agent = agents[index % agents.length];
  if (!agent) throw new RangeError('the demo needs at least one agent');
  return agent;
}

async function runCommand(stage: Stage, agent: number, command: CommandInput): Promise<void> {
  const result = await findAgent(stage, agent).command(command);
  if (result.status !== 'applied')
    throw new Error(`the command ${command.type} was ${result.status} (${result.reason?.kind ?? 'no reason'})`);
}

/**
 * An agent answers, or leaves a note; what an earlier start has written is left as it is.
 *
 * @param newestId - the newest message he has had on screen.
 * @returns the id of what he wrote.
 */
export async function playAgent(
  stage: Stage,
  name: string,
  step: AgentStep,
  { conversationId, newestId }: { conversationId: string; newestId: string },
): Promise<string> {
  const id = toCommandId(stage, name);
  if (stage.feed.messages.has(id)) return id;
  const { text, agent } = step;
  if (step.who === 'note') {
    const mentions = step.mentions.map((index) => findAgent(stage, index).agentId);
    await runCommand(stage, agent, { id, type: 'note', conversationId, text, mentions });
  } else {
    const client = findAgent(stage, agent);
    const attachmentIds: string[] = [];
    for (const kind of step.files) attachmentIds.push(await client.upload(buildFile(kind, false, createRandom(7))));
    await runCommand(stage, agent, {
      id,
      type: 'reply',
      conversationId,
      text,
      attachmentIds,
      seenMessageId: newestId,
    });
  }
  return id;
}

/** What is done with the conversation once everything in it is said. */
export async function finishThread(stage: Stage, key: string, plan: Outcome, conversationId: string): Promise<void> {
  const agent = plan.assignTo ?? 0;
  const base = (name: string) => ({ id: toCommandId(stage, `${key}.${name}`), conversationId });
  if (plan.tags.length > 0) await runCommand(stage, agent, { ...base('tag'), type: 'tag', add: [...plan.tags] });
  if (plan.assignTo !== null || plan.team !== null) {
    await runCommand(stage, agent, {
      ...base('assign'),
      type: 'assign',
      ...(plan.assignTo === null ? {} : { agentId: findAgent(stage, agent).agentId }),
      ...(plan.team === null ? {} : { teamId: stage.teams[plan.team] }),
    });
  }
  if (plan.ending === 'resolved')
    await runCommand(stage, agent, { ...base('status'), type: 'set-status', status: 'resolved' });
  if (plan.ending === 'snoozed') {
    const snoozedUntil = Date.now() + SNOOZED_FOR_MS;
    await runCommand(stage, agent, { ...base('status'), type: 'set-status', status: 'snoozed', snoozedUntil });
  }
}
