import { AppError } from '@tradewind/shared/protocol/errors';
import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { AccountService } from '../accounts/account-service.ts';
import type { People } from '../accounts/people.ts';
import type { TeamService } from '../accounts/team-service.ts';
import type { Config } from '../config/config.ts';
import type { Db } from '../db/database.ts';
import { readProgress } from '../db/queries/progress.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Metrics } from '../observability/metrics.ts';
import { createConsole } from './console.ts';
import { allowDesktop } from './desktop-origin.ts';
import { buildOpenApi } from './openapi.ts';
import { createOperations, measureRequests } from './operations.ts';
import { createErrorHandler } from './problem.ts';
import { defineRoute, type Route } from './route.ts';
import { createRouter } from './router.ts';
import { createAccountRoutes } from './routes/account-routes.ts';
import { createAgentRoutes } from './routes/agent-routes.ts';
import { createAttachmentRoutes } from './routes/attachment-routes.ts';
import { createAuditRoutes } from './routes/audit-routes.ts';
import { createAuthRoutes } from './routes/auth-routes.ts';
import { createConversationRoutes } from './routes/conversation-routes.ts';
import { createCustomerRoutes } from './routes/customer-routes.ts';
import { createInboundRoutes } from './routes/inbound-routes.ts';
import { createInviteRoutes } from './routes/invite-routes.ts';
import { createSessionRoutes } from './routes/session-routes.ts';
import { createSetupRoutes } from './routes/setup-routes.ts';
import { createTeamRoutes } from './routes/team-routes.ts';
import { setSecurityHeaders } from './security-headers.ts';

export interface AppDeps {
  config: Pick<Config, 'publicUrl' | 'trustProxy'>;
  version: string;
  db: Db;
  log: Logger;
  metrics: Metrics;
  people: People;
  accounts: AccountService;
  teams: TeamService;
  files: FileStore;
  now: () => number;
  /** Lets processing look at a lane of an account at once. */
  wakeProcessing: (accountId: string, lane: number) => void;
  /** Null when ready to work, else why not. */
  findUnreadiness: () => Promise<string | null>;
  /** Where the built console lies. */
  consoleDir: string;
  /** Routes of replication and commands. */
  routes: readonly Route[];
  /** Routers of parts whose answers go to other origins: the website chat. */
  routers: readonly Router[];
}

/** Everything the server answers over HTTP but webhooks, which have a handler of their own. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false); // answers of the API are never cached; the file sender makes its own
  app.set('trust proxy', deps.config.trustProxy);
  app.use(measureRequests(deps.metrics));
  app.use(setSecurityHeaders);
  app.use(allowDesktop);
  app.use(createOperations({ ...deps, sessions: deps.people.sessions, readProgress: () => readProgress(deps.db) }));
  app.use(createRouter(createApiRoutes(deps), deps.people.sessions));
  for (const router of deps.routers) app.use(router);
  app.use(createConsole(deps.consoleDir));
  app.use(() => {
    throw new AppError('not-found', 'There is nothing at this address.');
  });
  app.use(createErrorHandler(deps.log));
  return app;
}

function createApiRoutes(deps: AppDeps): Route[] {
  const { db, files, now, wakeProcessing, people, version } = deps;
  const { publicUrl } = deps.config;
  const routes = [
    ...createSetupRoutes({ ...people, version, publicUrl, canMail: () => people.mail.canSend() }),
    ...createAuthRoutes({ ...people, publicUrl }),
    ...createSessionRoutes(people.sessions),
    ...createInviteRoutes(people.invites, publicUrl),
    ...createAccountRoutes(deps.accounts),
    ...createAgentRoutes(people),
    ...createTeamRoutes(deps.teams),
    ...createConversationRoutes(db),
    ...createCustomerRoutes(db),
    ...createAttachmentRoutes({ db, files, now }),
    ...createInboundRoutes({ db, files, now, wakeProcessing }),
    ...createAuditRoutes(db),
    ...deps.routes,
  ];
  const describeRoutes = defineRoute({
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This description',
    access: 'public',
    response: z.looseObject({}),
    handle: () => document,
  });
  const all = [...routes, describeRoutes];
  const document = buildOpenApi(all, deps.version);
  return all;
}
