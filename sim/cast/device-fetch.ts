import type { SimProcess } from '../world/sim-process.ts';

/** The browser's `fetch`, over the simulated network. */
export function deviceFetch(process: SimProcess): typeof fetch {
  const simulated = async (input: unknown, init: RequestInit = {}) => {
    const url = new URL(String(input));
    const answer = await process.world.network.call(
      process,
      {
        method: init.method ?? 'GET',
        path: `${url.pathname}${url.search}`,
        headers: init.headers as Record<string, string>,
        body: init.body === undefined || init.body === null ? null : Buffer.from(String(init.body)),
      },
      init.signal ?? undefined,
    );
    const text = answer.body.toString('utf8');
    return {
      ok: answer.status >= 200 && answer.status < 300,
      status: answer.status,
      headers: { get: (name: string) => answer.headers[name.toLowerCase()] ?? null },
      json: async () => JSON.parse(text) as unknown,
      text: async () => text,
    };
  };
  return simulated as unknown as typeof fetch;
}
