import type { CommandOf } from '@tradewind/shared/commands/registry';
import type { Tx } from '../db/database.ts';
import { type Decision, refuse } from './decision.ts';
import { lockConversationOf, lockHeldCommand } from './held-command.ts';

/**
 * Gives up one of the agent's own held commands, whether he may still see its conversation or not. One that was given up
 * already, on another device, is as good as given up now.
 */
export async function discardHeld(tx: Tx, agentId: string, { commandId }: CommandOf<'discard'>): Promise<Decision> {
  const conversationId = await lockConversationOf(tx, agentId, commandId);
  const held = await lockHeldCommand(tx, agentId, commandId);
  const isGone = 'kind' in held && held.kind === 'wrong-state' && held.status === 'discarded';
  if ('kind' in held && !isGone) return refuse(held);
  return {
    result: { status: 'applied', ...(conversationId === null ? {} : { conversationId }) },
    entries: [],
    effects: false,
    audit: {
      target: conversationId === null ? `command:${commandId}` : `conversation:${conversationId}`,
      after: { discarded: commandId },
    },
    seenSeq: null,
    answers: 'kind' in held ? null : { held, how: 'discard' },
  };
}
