import type { ErasingReason } from '@tradewind/shared/protocol/erasing';
import { presenceSchema } from '@tradewind/shared/protocol/live';
import { createOwnStorage, createReplicaStorage } from '../db/browser-storage.ts';
import { toDatabaseName } from '../db/open-database.ts';
import { holdFocus } from '../notices/desk-focus.ts';
import { startNotices } from '../notices/start-notices.ts';
import { onShellEvent } from '../platform/shell-events.ts';
import { createHttpTransport } from '../replication/http-transport.ts';
import { currentDesk } from './current-desk.ts';
import { type DeskRuntime, startDesk } from './desk-runtime.ts';
import { listenToDevice } from './device-events.ts';
import { eraseTraces, forgetErasing, markErasing } from './erase.ts';
import { KeptAgents } from './kept-agents.ts';
import { type DeskSession, endSession, forgetSession, onOtherAgent } from './session.ts';
import type { Desk } from './types.ts';

let opened: { name: string; desk: Promise<DeskRuntime> } | null = null;

/**
 * Opens the signed-in agent's desk on this device; resolves as soon as what lies here can be shown. For the agent whose
 * desk is open already it is the same desk, which goes on where a lost session had stopped it; for another one the open
 * desk is closed first.
 */
export async function openDesk(session: DeskSession): Promise<Desk> {
  const name = toDatabaseName(session.origin, session.agent.id);
  if (opened?.name === name) {
    const desk = await opened.desk;
    desk.retryNow();
    return desk;
  }
  const before = opened;
  const desk = (async () => {
    await (await before?.desk.catch(() => null))?.close();
    return start(name, session);
  })();
  opened = { name, desk };
  // A store that could not be opened is tried again at the next call.
  desk.catch(() => forget(name));
  return desk;
}

function forget(name: string): void {
  if (opened?.name === name) opened = null;
}

async function start(name: string, session: DeskSession): Promise<DeskRuntime> {
  const { origin, agent } = session;
  const draftsKey = `${name}/drafts`;
  const presenceKey = `${name}/presence`;
  const kept = new KeptAgents(localStorage, origin);
  let stopKeeping: () => void = () => undefined;
  // The first answer may come before the desk is open.
  let revoked: ErasingReason | null = null;
  let eraseAll = (reason: ErasingReason) => {
    revoked = reason;
  };
  const desk = await startDesk({
    agent,
    name,
    replicaStorage: createReplicaStorage(),
    ownStorage: createOwnStorage(),
    multiTab: true,
    // Only secure contexts have locks. Without them every tab sends for itself, which is safe (R8), only busier.
    locks: navigator.locks ?? null,
    transport: createHttpTransport({ origin, agentId: agent.id, onErasing: (reason) => eraseAll(reason) }),
    lastResort: {
      read: () => localStorage.getItem(draftsKey),
      write: (text) => (text === null ? localStorage.removeItem(draftsKey) : localStorage.setItem(draftsKey, text)),
    },
    presence: {
      read: () => presenceSchema.catch('online').parse(localStorage.getItem(presenceKey)),
      write: (presence) => localStorage.setItem(presenceKey, presence),
    },
    listenToDevice(events) {
      const stops = [
        listenToDevice(events),
        onOtherAgent(session, () => desk.lock()),
        // A socket that slept with the machine looks open for half a minute: it is replaced, not asked.
        onShellEvent('resync', () => events.onOnline()),
        holdFocus(navigator.locks ?? null, name),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
    whileLeading: (leading) => startNotices(name, leading),
    endSession: () => endSession(origin),
    erasing: {
      begin: (reason) => markErasing(origin, { agentId: agent.id, reason }),
      async finish() {
        await eraseTraces(origin, agent.id);
        await forgetSession(origin);
        forgetErasing(origin);
      },
    },
    onClosing() {
      stopKeeping();
      forget(name);
      if (currentDesk.get() === desk) currentDesk.set(null);
    },
  });
  eraseAll = (reason) => void desk.eraseAll(reason);
  if (revoked) eraseAll(revoked);
  stopKeeping = keepTime(kept, desk);
  currentDesk.set(desk);
  return desk;
}

const NOTE_EVERY_MS = 60_000;

/** Writes down when the server was last heard, and how late it is: a device that is lost shows nothing after a while. */
function keepTime(kept: KeptAgents, desk: DeskRuntime): () => void {
  const { agent } = desk;
  const note = () => {
    if (desk.connection.kind === 'online') kept.noteContact(agent);
    else kept.noteTime(agent.id);
  };
  note();
  const timer = setInterval(note, NOTE_EVERY_MS);
  const stop = desk.connectionChanged.subscribe(note);
  return () => {
    clearInterval(timer);
    stop();
  };
}
