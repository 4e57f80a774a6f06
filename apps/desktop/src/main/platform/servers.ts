import type { KnownServer } from '@tradewind/shared/ipc/bridge';
import type { JsonFile } from './json-file.ts';
import type { Settings } from './settings.ts';
import type { TokenStore } from './token-store.ts';

/** The servers this profile knows, the chosen one, and its session. */
export class Servers {
  readonly #settings: JsonFile<Settings>;
  readonly #tokens: TokenStore;
  /** Names told by servers that were checked but not chosen yet. */
  readonly #names = new Map<string, string>();

  constructor(settings: JsonFile<Settings>, tokens: TokenStore) {
    this.#settings = settings;
    this.#tokens = tokens;
  }

  readonly currentServer = (): string | null => this.#settings.value.current;

  readonly currentToken = (): string | null => {
    const { current } = this.#settings.value;
    return current === null ? null : this.#tokens.get(current);
  };

  list(): { servers: KnownServer[]; current: string | null } {
    const { servers, current } = this.#settings.value;
    return { servers, current };
  }

  /** Takes note of a desk's name; a server that is known gets its new one. */
  nameServer(origin: string, name: string): void {
    this.#names.set(origin, name);
    const { value } = this.#settings;
    if (value.servers.some((server) => server.origin === origin && server.name !== name)) {
      this.#settings.save({ ...value, servers: toServers(value.servers, { origin, name }) });
    }
  }

  /** A disk that takes no more forgets the choice at the next start, no sooner. */
  choose(origin: string): void {
    const { value } = this.#settings;
    const known = value.servers.find((server) => server.origin === origin);
    const name = this.#names.get(origin) ?? known?.name ?? new URL(origin).host;
    try {
      this.#settings.save({ ...value, current: origin, servers: toServers(value.servers, { origin, name }) });
    } catch (error) {
      console.error('The chosen server could not be kept for the next start.', error);
    }
  }

  /** @returns whether it was the chosen one. */
  forget(origin: string): boolean {
    this.#tokens.forget(origin);
    const { value } = this.#settings;
    const wasCurrent = value.current === origin;
    this.#settings.save({
      ...value,
      current: wasCurrent ? null : value.current,
      servers: value.servers.filter((server) => server.origin !== origin),
    });
    return wasCurrent;
  }
}

function toServers(servers: readonly KnownServer[], changed: KnownServer): KnownServer[] {
  const isKnown = servers.some(({ origin }) => origin === changed.origin);
  if (!isKnown) return [...servers, changed];
  return servers.map((server) => (server.origin === changed.origin ? changed : server));
}
