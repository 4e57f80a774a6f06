import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangesFrame } from '@tradewind/shared/protocol/sync';
import { io, type Socket } from 'socket.io-client';
import { connectAccounts } from './lib/accounts.ts';
import { postEvenly } from './lib/load.ts';
import { type BenchServer, startBenchServer } from './lib/processes.ts';
import { type Measurement, median, spreadOf } from './lib/report.ts';
import { buildShopifyRequest } from './lib/requests.ts';

const RUNS = 5;
const SECONDS = 3;
const EVENTS_PER_SECOND = 100;
const SCOPE_SETS = 10;
const SOCKETS = 200;
const PASSWORD = 'a long enough password';

/**
 * Processor time of the server while events come in and every console hears of each: 200 consoles of agents in ten scope
 * sets against ten, one of each set. Frames are built once for each set, so that most of the work is the same.
 */
export async function benchSockets(): Promise<Measurement[]> {
  const server = await startBenchServer();
  try {
    const { shopifyPath } = await connectAccounts(server);
    const tokens = await hireAgents(server);
    let used = 0;
    const measure = async (count: number): Promise<number> => {
      const consoles = await openConsoles(server, tokens, count);
      const before = await server.cpuMs();
      const events = EVENTS_PER_SECOND * SECONDS;
      const build = (index: number) => buildShopifyRequest(shopifyPath, index);
      await postEvenly(server.port, EVENTS_PER_SECOND, SECONDS, (index) => build(used + index));
      used += events;
      await consoles.waitForOrders(events);
      const spent = (await server.cpuMs()) - before;
      consoles.close();
      await sleep(200);
      return spent;
    };
    await measure(SCOPE_SETS); // warms up
    const few: number[] = [];
    const many: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      few.push(await measure(SCOPE_SETS));
      many.push(await measure(SOCKETS));
    }
    const ratios = many.map((spent, run) => spent / (few[run] ?? 1));
    const perSecond = (spent: readonly number[]) => median(spent) / SECONDS;
    return [
      { name: `server CPU, ${SCOPE_SETS} sockets`, value: perSecond(few), unit: 'ms/s', n: RUNS },
      {
        name: `server CPU, ${SOCKETS} sockets in ${SCOPE_SETS} scope sets`,
        value: perSecond(many),
        unit: 'ms/s',
        ratio: median(ratios),
        against: `${SCOPE_SETS} sockets`,
        spread: spreadOf(ratios),
        n: RUNS,
        limit: '<= 3',
        ok: median(ratios) <= 3,
      },
    ];
  } finally {
    await server.close();
  }
}

/** Agents of different teams: each has a scope set of his own, and all see what is open to everyone. */
async function hireAgents(server: BenchServer): Promise<string[]> {
  const tokens: string[] = [];
  for (let number = 0; number < SCOPE_SETS; number++) {
    const team = (await server.api('POST', '/api/teams', { name: `Team ${number}` })) as { id: string };
    const email = `agent${number}@bench.example`;
    const agent = { email, name: `Agent ${number}`, password: PASSWORD, role: 'agent', teamIds: [team.id] };
    await server.api('POST', '/api/agents', agent);
    const login = (await server.api('POST', '/api/auth/login', { email, password: PASSWORD })) as { token: string };
    tokens.push(login.token);
  }
  return tokens;
}

async function openConsoles(server: BenchServer, tokens: readonly string[], count: number) {
  const heard: Set<string>[] = [];
  const sockets: Socket[] = [];
  for (let number = 0; number < count; number++) {
    const orders = new Set<string>();
    heard.push(orders);
    const socket = io(`http://127.0.0.1:${server.port}`, {
      auth: { token: tokens[number % tokens.length] },
      transports: ['websocket'],
      forceNew: true,
    });
    socket.on('changes', ({ changes }: ChangesFrame) => {
      for (const { collection, id } of changes) if (collection === 'order') orders.add(id);
    });
    sockets.push(socket);
  }
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.once('connect', () => resolve()))));
  await sleep(500); // greetings are over
  return {
    waitForOrders: async (wanted: number) => {
      const deadline = performance.now() + 30_000;
      while (heard.some((orders) => orders.size < wanted)) {
        if (performance.now() > deadline) throw new Error('not every console heard of every event');
        await sleep(20);
      }
    },
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}
