import { z } from 'zod';

const verifierSchema = z.object({ salt: z.string(), hash: z.string() });

const keptAgentSchema = z.object({
  agent: z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(['admin', 'agent']) }),
  /** When the server was last heard, by this device's clock. */
  contactAt: z.number(),
  /** The latest this device's clock has ever shown: one that is set back does not make a lost device young again. */
  seenAt: z.number(),
  /** Tells the agent's password without the server; null where he never typed one here. */
  verifier: verifierSchema.nullable().catch(null),
  /** Wrong passwords given without the server, and until when no other is looked at. */
  wrongTries: z.number().catch(0),
  blockedUntil: z.number().catch(0),
});
const recordSchema = z.record(z.string(), z.unknown());

export type KeptAgent = z.infer<typeof keptAgentSchema>;
export type PasswordVerifier = z.infer<typeof verifierSchema>;

/** Where the list lies: `localStorage`, or a map in tests. */
export type KeptStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Without a word from the server for so long, a device shows nothing more (docs/protocol.md, P67). */
export const LONGEST_OFFLINE_MS = 14 * 86_400_000;

/** Whose data lies on this device, for one server. Small, and read before any store is opened. */
export class KeptAgents {
  readonly #storage: KeptStorage;
  readonly #key: string;
  readonly #now: () => number;

  constructor(storage: KeptStorage, origin: string, now: () => number = Date.now) {
    this.#storage = storage;
    this.#key = `tradewind.kept/${origin}`;
    this.#now = now;
  }

  /** Who was here last comes first. */
  list(): KeptAgent[] {
    return Object.values(this.#read()).sort((left, right) => right.seenAt - left.seenAt);
  }

  find(agentId: string): KeptAgent | null {
    return this.#read()[agentId] ?? null;
  }

  findByEmail(email: string): KeptAgent | null {
    const wanted = email.trim().toLowerCase();
    return this.list().find(({ agent }) => agent.email.toLowerCase() === wanted) ?? null;
  }

  /** The server answered this agent's console, or let him in. */
  noteContact(agent: KeptAgent['agent']): void {
    const now = this.#now();
    this.#change(agent.id, (known) => ({
      ...(known ?? { verifier: null, wrongTries: 0, blockedUntil: 0 }),
      agent,
      contactAt: now,
      seenAt: now,
    }));
  }

  /** The console runs. */
  noteTime(agentId: string): void {
    this.#change(agentId, (known) => known && { ...known, seenAt: Math.max(known.seenAt, this.#now()) });
  }

  noteVerifier(agentId: string, verifier: PasswordVerifier): void {
    this.#change(agentId, (known) => known && { ...known, verifier, wrongTries: 0, blockedUntil: 0 });
  }

  noteTry(agentId: string, tries: Pick<KeptAgent, 'wrongTries' | 'blockedUntil'>): void {
    this.#change(agentId, (known) => known && { ...known, ...tries });
  }

  forget(agentId: string): void {
    this.#change(agentId, () => null);
  }

  /** How long the server has not been heard, at least. */
  silentFor({ contactAt, seenAt }: KeptAgent): number {
    return Math.max(this.#now(), seenAt) - contactAt;
  }

  #read(): Record<string, KeptAgent> {
    const text = this.#storage.getItem(this.#key);
    const entries = Object.entries(recordSchema.safeParse(parse(text)).data ?? {});
    return Object.fromEntries(
      entries.flatMap(([id, value]) => {
        const kept = keptAgentSchema.safeParse(value).data;
        return kept ? [[id, kept]] : [];
      }),
    );
  }

  #change(agentId: string, change: (known: KeptAgent | null) => KeptAgent | null): void {
    const all = this.#read();
    const next = change(all[agentId] ?? null);
    if (next) all[agentId] = next;
    else delete all[agentId];
    if (Object.keys(all).length === 0) this.#storage.removeItem(this.#key);
    else this.#storage.setItem(this.#key, JSON.stringify(all));
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null; // half-written: as if nobody had been here
  }
}
