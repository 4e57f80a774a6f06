import type { World } from '../world/world.ts';

/** Who may see what, as the desk's own tables of people and accounts say. */
export interface Access {
  /** The first position of the change log that this holds for. */
  fromSeq: number;
  agents: ReadonlyMap<string, { isAdmin: boolean; teamIds: readonly string[] }>;
  accounts: ReadonlyMap<string, readonly string[]>;
}

/** Every access there was, by the position in the change log from which it held. */
export class AccessHistory {
  readonly #world: World;
  readonly #states: Access[] = [];
  #text = '';

  constructor(world: World) {
    this.#world = world;
    world.statements.onCommit = async (changesAccess) => {
      if (changesAccess) await this.look();
    };
  }

  get latest(): Access {
    const last = this.#states.at(-1);
    if (!last) throw new Error('access was never looked at');
    return last;
  }

  /** What held when this position was written, and everything after it. */
  since(seq: number): readonly Access[] {
    let first = 0;
    for (const [index, { fromSeq }] of this.#states.entries()) if (fromSeq <= seq) first = index;
    return this.#states.slice(first);
  }

  async look(): Promise<void> {
    const observer = await this.#world.connections.observer();
    const { rows } = await observer.query<{ people: string; head: number }>(`
      select (select json_build_object(
                'agents', (select json_agg(json_build_array(id, role, team_ids) order by id) from agents),
                'accounts', (select json_agg(json_build_array(id, team_ids) order by id) from accounts)))::text as people,
             (select coalesce(max(last_seq), 0)::float8 from commit_marks) as head`);
    const [row] = rows;
    if (!row || row.people === this.#text) return;
    this.#text = row.people;
    const { agents, accounts } = JSON.parse(row.people) as {
      agents: [string, string, string[]][];
      accounts: [string, string[]][];
    };
    this.#states.push({
      fromSeq: row.head,
      agents: new Map(agents.map(([id, role, teamIds]) => [id, { isAdmin: role === 'admin', teamIds }])),
      accounts: new Map(accounts),
    });
  }
}

/** Whether the agent may see a conversation: by its account, because it is his, or because a note in it mentions him. */
export function seesConversation(access: Access, agentId: string, doc: Readonly<Record<string, unknown>>): boolean {
  const { channelAccountId, assigneeId, mentionedIds } = doc;
  if (seesAccount(access, agentId, String(channelAccountId)) || assigneeId === agentId) return true;
  return Array.isArray(mentionedIds) && mentionedIds.includes(agentId);
}

/** Whether the agent may see what belongs to the account. */
export function seesAccount(access: Access, agentId: string, accountId: string): boolean {
  const agent = access.agents.get(agentId);
  const teamIds = access.accounts.get(accountId);
  if (!agent || !teamIds) return false;
  return agent.isAdmin || teamIds.length === 0 || teamIds.some((id) => agent.teamIds.includes(id));
}
