import type { ChannelConnector, StoreConnector } from '../connector.ts';

/** A connector of any configuration; its own schema stands between stored JSON and its other methods. */
export type AnyConnector =
  | { family: 'channel'; connector: ChannelConnector<unknown> }
  | { family: 'store'; connector: StoreConnector<unknown> };

/** The connectors this server has, by family and kind. */
export class ConnectorCatalog {
  readonly #byKey: ReadonlyMap<string, AnyConnector>;

  constructor(channels: readonly ChannelConnector<unknown>[], stores: readonly StoreConnector<unknown>[]) {
    const all: AnyConnector[] = [
      ...channels.map((connector) => ({ family: 'channel' as const, connector })),
      ...stores.map((connector) => ({ family: 'store' as const, connector })),
    ];
    this.#byKey = new Map(all.map((one) => [`${one.family}:${one.connector.kind}`, one]));
  }

  find(family: 'channel' | 'store', kind: string): AnyConnector | undefined {
    return this.#byKey.get(`${family}:${kind}`);
  }

  kindsOf(family: 'channel' | 'store'): string[] {
    return [...this.#byKey.values()].filter((one) => one.family === family).map((one) => one.connector.kind);
  }
}
