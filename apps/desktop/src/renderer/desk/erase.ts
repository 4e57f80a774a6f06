import { erasingReasonSchema } from '@tradewind/shared/protocol/erasing';
import { z } from 'zod';
import { createOwnStorage, createReplicaStorage } from '../db/browser-storage.ts';
import { removeDatabases, toDatabaseName } from '../db/open-database.ts';
import { KeptAgents } from './kept-agents.ts';

const markSchema = z.object({ agentId: z.string(), reason: erasingReasonSchema });
export type ErasingMark = z.infer<typeof markSchema>;

const toKey = (origin: string) => `tradewind.erasing/${origin}`;

/** Said before anything is erased: what a crash leaves is erased at the next start, before anything is shown. */
export function markErasing(origin: string, mark: ErasingMark): void {
  localStorage.setItem(toKey(origin), JSON.stringify(mark));
}

export function findErasing(origin: string): ErasingMark | null {
  try {
    return markSchema.safeParse(JSON.parse(localStorage.getItem(toKey(origin)) ?? 'null')).data ?? null;
  } catch {
    return null; // half-written: nothing was erased yet, and the server says it again
  }
}

/**
 * Removes all that lies beside the stores, which are empty by now: what is left of them in the browser, drafts of the last
 * moment, settings of this agent, his place in the list of log-ins.
 */
export async function eraseTraces(origin: string, agentId: string): Promise<void> {
  const name = toDatabaseName(origin, agentId);
  const databases = (await indexedDB.databases()).flatMap(({ name: own }) => (own?.includes(`${name}/`) ? [own] : []));
  await Promise.all(databases.map(deleteDatabase));
  for (const key of Object.keys(localStorage)) if (key.startsWith(`${name}/`)) localStorage.removeItem(key);
  new KeptAgents(localStorage, origin).forget(agentId);
}

/** Finishes what a mark says has to be erased, where no store is open. */
export async function finishErasing(origin: string, { agentId }: ErasingMark): Promise<void> {
  const name = toDatabaseName(origin, agentId);
  await removeDatabases({ name, replicaStorage: createReplicaStorage(), ownStorage: createOwnStorage() });
  await eraseTraces(origin, agentId);
  localStorage.removeItem(toKey(origin));
}

/** One that another tab holds open goes when that tab lets go of it. */
function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
    request.onblocked = () => resolve();
  });
}

/** All is erased. */
export function forgetErasing(origin: string): void {
  localStorage.removeItem(toKey(origin));
}
