import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createUuidV7 } from '@tradewind/shared/ids';
import type { Logger } from 'pino';
import { AccountDirectory } from './accounts/account-directory.ts';
import { AccountService } from './accounts/account-service.ts';
import { ConnectorCatalog } from './accounts/connectors.ts';
import { DeskMail } from './accounts/desk-mail.ts';
import { createPeople } from './accounts/people.ts';
import { SecretBox } from './accounts/secret-box.ts';
import { TeamService } from './accounts/team-service.ts';
import { rememberPublicUrl } from './auth/bootstrap.ts';
import { scopesOf } from './auth/scopes.ts';
import { SessionStore } from './auth/session-store.ts';
import { channelConnectors } from './channels/registry.ts';
import { assertProtocol } from './commands/assert-protocol.ts';
import { findResult } from './commands/find-result.ts';
import { runBatch } from './commands/run-batch.ts';
import type { Config } from './config/config.ts';
import { latestVersion } from './db/migrate.ts';
import { FileStore } from './files/file-store.ts';
import { createApp } from './http/app.ts';
import { routeRequests } from './http/request-router.ts';
import { createCommandRoutes } from './http/routes/commands.ts';
import { createSyncRoutes } from './http/routes/sync.ts';
import { readSessionCookie } from './http/session-cookie.ts';
import { createWebhookHandler } from './http/webhook-handler.ts';
import { Inbox } from './ingest/inbox.ts';
import { Housekeeping } from './jobs/housekeeping.ts';
import { OutboundWorker } from './jobs/outbound.ts';
import { createMetrics } from './observability/metrics.ts';
import { findUnreadiness } from './observability/readiness.ts';
import { openDesk } from './open-desk.ts';
import { storeConnectors } from './orders/registry.ts';
import { ProcessingEngine } from './processing/engine.ts';
import { MissingOrders } from './processing/missing-orders.ts';
import { LaneScheduler } from './processing/scheduler.ts';
import { NodeLink } from './realtime/node-link.ts';
import { isOwnOrigin } from './realtime/origin.ts';
import { SocketServer } from './realtime/socket-server.ts';
import { findAccessChange } from './replication/access-change.ts';
import { ChangeBus } from './replication/change-log.ts';
import { readChangesPage, resolveCheckpoint } from './replication/changes-page.ts';
import { readDigest } from './replication/digest.ts';
import { LiveFeed } from './replication/live-feed.ts';
import { readSnapshotPage } from './replication/snapshot-page.ts';
import { createWebsiteChat } from './website-chat.ts';

const VERSION = '0.1.0';
const CONSOLE_DIR = fileURLToPath(new URL('../../desktop/dist/renderer', import.meta.url));

export interface ServerOptions {
  databaseUrl: string;
  dataDir: string;
  log: Logger;
  now?: () => number;
  /** How long a platform may take to answer a send; tests shorten it. */
  sendTimeoutMs?: number;
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT` of the address listened on. */
  address: string;
  port: number;
  /** Where the first admin is made; null once there is an agent. */
  setupLink: string | null;
  /** Holds processing back or lets it go on, for benchmarks of ingest alone. */
  setProcessingPaused(paused: boolean): void;
  /** Stops taking requests, lets what is under way end, and closes the database. */
  close(): Promise<void>;
}

/** Wires the server's parts in order and listens. Decides nothing. */
export async function startServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const { log, dataDir } = options;
  const now = options.now ?? Date.now;
  const createId = () => createUuidV7(now());
  const node = randomUUID();

  const { database, key, desk } = await openDesk(config, { databaseUrl: options.databaseUrl, dataDir, log, now });
  const { db, pool } = database;

  const metrics = createMetrics();
  const bus = new ChangeBus();
  const link = new NodeLink({ connectionString: options.databaseUrl, nodeId: node, bus, log, now });
  const files = await FileStore.open(dataDir);
  const sessions = new SessionStore(db, now);
  const secrets = new SecretBox(key);
  const connectors = new ConnectorCatalog(channelConnectors, storeConnectors);
  const accounts = new AccountDirectory({ db, connectors, secrets, log, strictEgress: config.strictEgress });
  await accounts.start();

  const publicUrl = () => config.publicUrl ?? address();
  const mail = new DeskMail({ db, accounts, log, now });
  const people = createPeople({ db, bus, now, sessions, secrets, mail, log, publicUrl });

  const missingOrders = new MissingOrders({ db, bus, log, now, createId, random: Math.random });
  const engine = new ProcessingEngine({
    db,
    accounts,
    files,
    bus,
    metrics,
    log,
    now,
    createId,
    askForOrder: (account, externalId) => missingOrders.ask(account, externalId),
  });
  const scheduler = new LaneScheduler(engine, accounts, db, log);
  const inbox = new Inbox(pool, (events) => {
    for (const event of events) scheduler.wake(event.accountId, event.lane);
  });
  const outbound = new OutboundWorker({
    db,
    accounts,
    files,
    bus,
    metrics,
    log,
    now,
    random: Math.random,
    node,
    ...(options.sendTimeoutMs === undefined ? {} : { sendTimeoutMs: options.sendTimeoutMs }),
  });
  const housekeeping = new Housekeeping({ db, bus, log, now, tombstoneDays: config.tombstoneDays });
  const commandDeps = { db, accounts, bus, metrics, log, now, createId, wakeOutbound: () => outbound.wake() };
  const chat = createWebsiteChat({
    db,
    accounts,
    inbox,
    files,
    bus,
    metrics,
    log,
    now,
    createId,
    key,
    link,
    sockets: () => sockets,
  });

  const neededVersion = await latestVersion();
  const app = createApp({
    config,
    version: VERSION,
    db,
    log,
    metrics,
    files,
    people,
    accounts: new AccountService({
      db,
      connectors,
      secrets,
      directory: accounts,
      sessions,
      bus,
      now,
      publicUrl,
    }),
    teams: new TeamService({ db, bus, now }),
    now,
    findUnreadiness: () => findUnreadiness(pool, neededVersion),
    consoleDir: CONSOLE_DIR,
    wakeProcessing: (accountId: string, lane: number) => scheduler.wake(accountId, lane),
    routes: [
      ...createSyncRoutes({
        readChanges: (reader, request) => readChangesPage(db, desk.id, reader, request, now()),
        readSnapshot: (reader, request) => readSnapshotPage(db, desk.id, reader, request, now()),
        readDigest: (reader, request) => readDigest(db, desk.id, reader, request, now()),
      }),
      ...createCommandRoutes({
        runBatch: (agent, body) => runBatch(commandDeps, agent, body),
        findResult: (agent, id) => findResult(db, agent, id),
      }),
    ],
    routers: [chat.router],
  });
  const webhooks = createWebhookHandler({ accounts, inbox, files, metrics, log, now });
  const server = createServer(routeRequests(webhooks, app));
  // Mailgun's 40 MB on a slow line, and no longer: a socket held open for ever is an attack.
  server.requestTimeout = 120_000;

  const sockets = new SocketServer(server, {
    log,
    metrics,
    resolveToken: (token) => sessions.resolveToken(token),
    readCookieToken: readSessionCookie,
    isOwnOrigin: (origin, host) => isOwnOrigin(origin, host, config.publicUrl),
    findAccessChange: ({ id, accessVersion, ...agent }, known) =>
      findAccessChange(db, { agentId: id, accessVersion, scopes: scopesOf({ id, ...agent }) }, known),
    checkCheckpoint: async (checkpoint) => void (await resolveCheckpoint(db, desk.id, checkpoint)),
    joinFeed: (agent) => feed.join(agent),
    leaveFeed: (group) => feed.leave(group),
    runCommands: async (agent, body, protocol) => {
      assertProtocol(protocol);
      return runBatch(commandDeps, agent, body);
    },
    welcomeSignals: (socket, agent) => chat.signals.welcome(socket, agent),
  });
  const feed = new LiveFeed({
    db,
    bus,
    deskId: desk.id,
    log,
    now,
    send: (group, frame) => sockets.send(group, frame),
    onDirectoryChange: (ids) => {
      sessions.forgetCached(); // also of what another node changed
      return sockets.refreshAgents(ids);
    },
  });
  sessions.onSessionEnded((end) => sockets.endSessions(end));

  await feed.start();
  link.start();
  chat.open(app.get('trust proxy fn'));
  scheduler.start();
  outbound.start();
  housekeeping.start();
  try {
    await listen(server, config.port, config.bind);
  } catch (error) {
    await stopWork();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  await rememberPublicUrl(db, publicUrl());
  log.info({ event: 'server.listening', port, mode: config.mode }, 'the server takes requests');

  function address(): string {
    const listening = server.address() as AddressInfo;
    return `http://${config.bind.includes(':') ? `[${config.bind}]` : config.bind}:${listening.port}`;
  }

  /** What feeds the database stops first, the database itself last. */
  async function stopWork(): Promise<void> {
    feed.stop();
    await chat.stop();
    await link.stop();
    await scheduler.stop();
    await missingOrders.stop();
    await outbound.stop();
    await people.resets.settled();
    await mail.stop();
    await housekeeping.stop();
    await accounts.close();
    await database.close();
  }

  return {
    address: address(),
    port,
    setupLink: desk.setupCode === null ? null : `${publicUrl()}/#/setup/${desk.setupCode}`,
    setProcessingPaused: (paused) => scheduler.setPaused(paused),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Answers under way get a moment; a console holding a connection open does not hold up the end. Closing the sockets
      // waits for all connections too, so the clock runs from here.
      const timer = setTimeout(() => server.closeAllConnections(), 2_000);
      await sockets.close();
      server.closeIdleConnections();
      await closed;
      clearTimeout(timer);
      await stopWork();
      log.info({ event: 'server.stopped' }, 'the server has stopped');
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
