import type { Presence as PresenceState } from '@tradewind/shared/protocol/live';
import type { AuthAgent } from '../auth/scopes.ts';

/** Somebody at the desk, as far as anybody asks. */
export type PresentAgent = Pick<AuthAgent, 'id' | 'role' | 'teamIds'>;

/** As other nodes are told: [state, role, teams]. */
export type PresenceWord = [state: PresenceState, role: AuthAgent['role'], teamIds: readonly string[]];

/** Who is at the desk: the best of an agent's sockets, on whatever node; who has none is offline. */
export class Presence {
  readonly #sockets = new Map<string, { agent: () => AuthAgent; state: PresenceState }>();
  /** By node, then agent. */
  readonly #elsewhere = new Map<string, Map<string, { agent: PresentAgent; state: PresenceState }>>();

  /** @param agent - asked whenever it matters, as teams and roles change. */
  set(socketId: string, agent: () => AuthAgent, state: PresenceState): void {
    this.#sockets.set(socketId, { agent, state });
  }

  remove(socketId: string): void {
    this.#sockets.delete(socketId);
  }

  /** What another node says of an agent; null: he has no socket there. */
  setElsewhere(nodeId: string, agentId: string, word: PresenceWord | null): void {
    const agents = this.#elsewhere.get(nodeId) ?? new Map();
    if (!word) agents.delete(agentId);
    else agents.set(agentId, { agent: { id: agentId, role: word[1], teamIds: [...word[2]] }, state: word[0] });
    this.#elsewhere.set(nodeId, agents);
  }

  forgetNode(nodeId: string): void {
    this.#elsewhere.delete(nodeId);
  }

  /** By agent id; absent means offline. */
  states(): Record<string, PresenceState> {
    const states: Record<string, PresenceState> = {};
    for (const { agent, state } of this.#all()) if (states[agent.id] !== 'online') states[agent.id] = state;
    return states;
  }

  /** The agents of this node alone, as other nodes are told of them. */
  words(): Map<string, PresenceWord> {
    const words = new Map<string, PresenceWord>();
    for (const { agent, state } of this.#sockets.values()) {
      const { id, role, teamIds } = agent();
      if (words.get(id)?.[0] !== 'online') words.set(id, [state, role, teamIds]);
    }
    return words;
  }

  onlineAgents(): PresentAgent[] {
    return [...this.#all()].filter(({ state }) => state === 'online').map(({ agent }) => agent);
  }

  *#all(): Iterable<{ agent: PresentAgent; state: PresenceState }> {
    for (const { agent, state } of this.#sockets.values()) yield { agent: agent(), state };
    for (const agents of this.#elsewhere.values()) yield* agents.values();
  }
}
