import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { AccountDirectory } from './accounts/account-directory.ts';
import type { ConnectedAccount } from './accounts/connected-account.ts';
import { isVisible, scopesOf } from './auth/scopes.ts';
import { ChatFeed } from './chat/feed.ts';
import { ChatFiles } from './chat/files.ts';
import { ChatGateway } from './chat/gateway.ts';
import { ChatLimits } from './chat/limits.ts';
import { toChatSettings } from './chat/present.ts';
import { SettingsWatch } from './chat/settings-watch.ts';
import { SignedKeys } from './chat/signed-keys.ts';
import { VisitorStore } from './chat/visitors.ts';
import type { Db } from './db/database.ts';
import { findChat, findReaders, saveSeen, type VisitorRef } from './db/queries/chat.ts';
import { toAccountScopes } from './domain/scopes.ts';
import type { FileStore } from './files/file-store.ts';
import { createChatRoutes } from './http/chat.ts';
import type { Inbox } from './ingest/inbox.ts';
import type { Metrics } from './observability/metrics.ts';
import { AgentSignals } from './realtime/agent-signals.ts';
import { ChatNamespace } from './realtime/chat-namespace.ts';
import { findClientAddress, type TrustProxy } from './realtime/client-address.ts';
import type { NodeLink } from './realtime/node-link.ts';
import { Presence } from './realtime/presence.ts';
import type { SocketServer } from './realtime/socket-server.ts';
import type { ChangeBus } from './replication/change-log.ts';

const WIDGET_DIR = fileURLToPath(new URL('../../chat-widget/dist', import.meta.url));

export interface WebsiteChatDeps {
  db: Db;
  accounts: AccountDirectory;
  inbox: Inbox;
  files: FileStore;
  bus: ChangeBus;
  /** Other nodes on the same database. */
  link: NodeLink;
  metrics: Metrics;
  log: Logger;
  now: () => number;
  createId: () => string;
  /** The server's own key: what visitors may upload and open is signed with one made from it. */
  key: Buffer;
  /** The consoles' sockets, once there are some. */
  sockets: () => SocketServer;
}

/** How long a tab that another server's sign-in has made outdated may stay. */
const OUTDATED_MS = 3_000;

/** Wires the parts of the website chat: gateway, feed, files, and what agents and visitors see of each other. Decides nothing. */
export function createWebsiteChat(deps: WebsiteChatDeps) {
  const { db, accounts, log, now, createId, link } = deps;
  const presence = new Presence();
  const limits = new ChatLimits();
  const files = new ChatFiles({ db, store: deps.files, keys: new SignedKeys(deps.key), limits, now, createId });
  const history = {
    db,
    fileUrl: (id: string) => files.createUrl(id),
    asksRating: (accountId: string) => accounts.get(accountId)?.chat?.settings.askRating ?? false,
  };
  const isSomebodyOnline = ({ teamIds }: ConnectedAccount) =>
    presence.onlineAgents().some((agent) => isVisible(toAccountScopes(teamIds), scopesOf(agent)));
  const gateway = new ChatGateway({
    ...deps,
    visitors: new VisitorStore(db, now),
    limits,
    files,
    history,
    isSomebodyOnline,
  });
  const feed = new ChatFeed({
    ...history,
    bus: deps.bus,
    log,
    deliver: (visitor, news) => namespace?.deliver(visitor, news),
  });
  const tellVisitor = (visitor: VisitorRef, payload: { typing: boolean; name: string }) =>
    namespace?.deliver(visitor, { event: 'typing', payload });
  const signals = new AgentSignals({
    log,
    now,
    presence,
    link,
    findReaders: (ids) => findReaders(db, ids),
    findChat: (id) => findChat(db, id),
    saveSeen: async (conversationId, messageId) => {
      await saveSeen(db, conversationId, messageId, now());
      feed.look();
    },
    tellVisitor: (visitor, typing) => {
      tellVisitor(visitor, typing);
      link.tell('agent-typing', `${visitor.accountId} ${visitor.visitorId}`, [typing.typing, typing.name.slice(0, 80)]);
    },
    tellAgents: (...news) => deps.sockets().tell(...news),
  });
  link.onTold('agent-typing', (_, key, value) => {
    const [accountId = '', visitorId = ''] = key.split(' ');
    const word = z.tuple([z.boolean(), z.string()]).safeParse(value).data;
    if (word) tellVisitor({ accountId, visitorId }, { typing: word[0], name: word[1] });
  });
  const watch = new SettingsWatch({
    connectedAccounts: () => namespace?.connectedAccounts() ?? [],
    read: (id) => {
      const account = accounts.get(id);
      if (!account?.chat) return null;
      return toChatSettings({ ...account, chat: account.chat }, isSomebodyOnline(account), now());
    },
    tell: (id, settings) => namespace?.tellAccount(id, 'settings', settings),
  });
  // One after the other: that somebody has stopped must not overtake that he began.
  let telling = Promise.resolve();
  const tellReaders = async (conversationId: string, typing: boolean) => {
    try {
      const chat = await findChat(db, conversationId);
      if (chat) deps.sockets().tell(chat.scopes, 'typing', { conversationId, typing });
    } catch (error) {
      log.warn({ event: 'chat.typing-untold', err: error }, 'agents were not told that a visitor types');
    }
  };
  const noteTyping = (conversationId: string, typing: boolean) => {
    telling = telling.then(() => tellReaders(conversationId, typing));
  };
  link.onTold('visitor-typing', (_, conversationId, value) => noteTyping(conversationId, value === true));
  let namespace: ChatNamespace | null = null;
  let timer: NodeJS.Timeout | undefined;
  const cutOutdated = () => {
    namespace?.cutOutdated().catch((error: unknown) => {
      log.warn({ event: 'chat.outdated-wait', err: error }, 'widgets are looked at again when the database answers');
    });
  };

  return {
    signals,
    router: createChatRoutes({
      widgetDir: WIDGET_DIR,
      filesDir: deps.files.folder,
      files,
      gateway,
    }),
    /** Opens the namespace for widgets. @param trust - whose `X-Forwarded-For` to believe. */
    open: (trust: TrustProxy) => {
      namespace = new ChatNamespace(deps.sockets().namespace('/chat'), {
        gateway,
        feed,
        log,
        noteSettings: (settings) => watch.note(settings),
        addressOf: (request) => findClientAddress(request, trust),
        tellTyping: (session, typing) => {
          const conversationId = feed.conversationOf(session);
          if (conversationId === null) return;
          noteTyping(conversationId, typing);
          link.tell('visitor-typing', conversationId, typing);
        },
      });
      feed.start();
      watch.start();
      timer = setInterval(cutOutdated, OUTDATED_MS);
    },
    stop: async () => {
      clearInterval(timer);
      watch.stop();
      await signals.stop();
      await namespace?.settled();
      await telling;
      await feed.stop();
    },
  };
}
