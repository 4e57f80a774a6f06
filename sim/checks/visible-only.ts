import { type Access, seesAccount, seesConversation } from '../model/access-history.ts';
import type { Witness } from '../model/witness.ts';
import type { Simulation } from '../simulation.ts';

export interface SentChange {
  seq: number;
  collection: string;
  id: string;
  doc?: Record<string, unknown>;
}

/**
 * [R15] What is sent to an agent is what he may see: under the access that held when it was written, or one after that. A
 * message and an order are seen with a conversation, in any of its states that were ever told.
 */
export function checkVisible(sim: Simulation, agentId: string, changes: readonly SentChange[]): void {
  for (const { collection, id, doc } of changes) {
    if (collection === 'conversation' && doc) {
      const states = sim.witness.conversationStates.get(id) ?? [];
      sim.witness.conversationStates.set(id, [...states, doc]);
    }
  }
  for (const { seq, collection, id, doc } of changes) {
    if (!doc) continue;
    const states = sim.witness.conversationStates;
    if (sim.access.since(seq).some((access) => maySee(access, agentId, collection, doc, states))) continue;
    sim.witness.violate('R15', `agent ${agentId} was sent ${collection} ${id} (seq ${seq}), which he may not see`);
  }
}

function maySee(
  access: Access,
  agentId: string,
  collection: string,
  doc: Record<string, unknown>,
  states: Witness['conversationStates'],
): boolean {
  const sees = (state: Readonly<Record<string, unknown>>) => seesConversation(access, agentId, state);
  if (collection === 'conversation') return sees(doc);
  if (collection === 'message') {
    if (seesAccount(access, agentId, String(doc.channelAccountId))) return true;
    return (states.get(String(doc.conversationId)) ?? []).some(sees);
  }
  if (collection === 'order') {
    const isTheirs = (state: Readonly<Record<string, unknown>>) => state.customerId === doc.customerId && sees(state);
    return seesAccount(access, agentId, String(doc.storeId)) || [...states.values()].flat().some(isTheirs);
  }
  if (collection === 'command' || collection === 'personal') return doc.agentId === agentId;
  return true; // the directory is everybody's; a customer is looked at when all is at rest
}
