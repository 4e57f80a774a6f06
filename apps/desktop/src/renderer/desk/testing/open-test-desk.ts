import type { Presence } from '@tradewind/shared/protocol/live';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { AnyStorage } from '../../db/open-database.ts';
import { CrashingStorage } from '../../replication/testing/crashing-storage.ts';
import type { FakeServer } from '../../replication/testing/fake-server.ts';
import { type LeadingDesk, startDesk } from '../desk-runtime.ts';
import type { DeviceEvents } from '../device-events.ts';

let deviceCount = 0;

/** What survives a restart of the console: the disk, and what the network of this device is like. */
export class TestDevice {
  readonly disk: CrashingStorage;
  readonly name = `device-${++deviceCount}`;
  leftBehind: string | null = null;
  /** How wrong its own clock is. */
  clockBehindMs = 0;
  presence: Presence = 'online';
  /** Waits under way: run them with `passTime`. */
  timers: { delayMs: number; run: () => void }[] = [];
  events: DeviceEvents | null = null;
  /** What the desk did beside its stores while it was erased. */
  readonly erased: string[] = [];
  whileLeading: (desk: LeadingDesk) => () => void = () => () => undefined;

  /** @param kind - `memory` forgets at the end of the console, `kept` and `disk` do not; `disk` is what browsers have. */
  constructor(kind: 'memory' | 'kept' | 'disk' = 'memory') {
    this.disk = new CrashingStorage(
      kind === 'disk' ? getRxStorageDexie({ indexedDB: new IDBFactory(), IDBKeyRange }) : getRxStorageMemory(),
      { keep: kind === 'kept' },
    );
  }

  get storage(): AnyStorage {
    return this.disk.storage;
  }

  /** Starts the console on this device. */
  start(server: FakeServer) {
    return startDesk({
      agent: { id: server.agentId, name: 'Ana', email: 'ana@shop.example', role: 'agent' },
      name: this.name,
      replicaStorage: this.storage,
      ownStorage: this.storage,
      transport: server,
      multiTab: false,
      locks: null,
      lastResort: {
        read: () => this.leftBehind,
        write: (text) => {
          this.leftBehind = text;
        },
      },
      presence: {
        read: () => this.presence,
        write: (presence) => {
          this.presence = presence;
        },
      },
      listenToDevice: (events) => {
        this.events = events;
        return () => {
          this.events = null;
        };
      },
      endSession: async () => undefined,
      erasing: {
        begin: (reason) => this.erased.push(`begin ${reason}`),
        finish: async () => void this.erased.push('finish'),
      },
      whileLeading: (desk) => this.whileLeading(desk),
      schedule: (delayMs, run) => {
        const timer = { delayMs, run };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((other) => other !== timer);
        };
      },
      now: () => server.nowMs - this.clockBehindMs,
    });
  }

  /** Lets every wait that is under way end. */
  passTime(): void {
    const due = this.timers;
    this.timers = [];
    for (const { run } of due) run();
  }
}
