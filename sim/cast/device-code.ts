import type { AnyStorage } from '../../apps/desktop/src/renderer/db/open-database.ts';
import type { DeskRuntime, DeskRuntimeOptions } from '../../apps/desktop/src/renderer/desk/desk-runtime.ts';
import type { HttpTransportOptions } from '../../apps/desktop/src/renderer/replication/http-transport.ts';
import type { SyncTransport } from '../../apps/desktop/src/renderer/replication/transport.ts';

/** The console's code, loaded for one device alone. */
export interface DeviceCode {
  startDesk(options: DeskRuntimeOptions): Promise<DeskRuntime>;
  createHttpTransport(options: HttpTransportOptions): SyncTransport;
  /** Each call the same disk: what is stored outlives the process. */
  storage: AnyStorage & { collectionStates: Map<string, unknown> };
}

const RENDERER = new URL('../../apps/desktop/src/renderer/', import.meta.url);

/** @param device - number of the device. */
export async function loadDeviceCode(device: number): Promise<DeviceCode> {
  const load = (url: string) => import(`${url}?device=${device}`);
  const { startDesk } = await load(new URL('desk/desk-runtime.ts', RENDERER).href);
  const { createHttpTransport } = await load(new URL('replication/http-transport.ts', RENDERER).href);
  const { getRxStorageMemory } = await load(import.meta.resolve('rxdb/plugins/storage-memory'));
  return { startDesk, createHttpTransport, storage: getRxStorageMemory() };
}
