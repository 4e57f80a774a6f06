import type { Presence as PresenceState } from '@tradewind/shared/protocol/live';
import type { AuthAgent } from '../auth/scopes.ts';

/** Who is at the desk, as far as this node knows: the best of an agent's sockets; who has none is offline. */
export class Presence {
  readonly #sockets = new Map<string, { agent: () => AuthAgent; state: PresenceState }>();

  /** @param agent - asked whenever it matters, as teams and roles change. */
  set(socketId: string, agent: () => AuthAgent, state: PresenceState): void {
    this.#sockets.set(socketId, { agent, state });
  }

  remove(socketId: string): void {
    this.#sockets.delete(socketId);
  }

  /** By agent id; absent means offline. */
  states(): Record<string, PresenceState> {
    const states: Record<string, PresenceState> = {};
    for (const { agent, state } of this.#sockets.values()) {
      const { id } = agent();
      if (states[id] !== 'online') states[id] = state;
    }
    return states;
  }

  onlineAgents(): AuthAgent[] {
    return [...this.#sockets.values()].filter((one) => one.state === 'online').map((one) => one.agent());
  }
}
