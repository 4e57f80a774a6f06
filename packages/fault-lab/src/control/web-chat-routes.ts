import { Router } from 'express';
import type { WebChatSimulator } from '../web-chat/simulator.ts';
import type { Visitor } from '../web-chat/visitor.ts';
import { awaitDeliveries, handleBody } from './handle.ts';
import {
  offlineSchema,
  profileSchema,
  ratingSchema,
  receiptSchema,
  relaySchema,
  saySchema,
  tabsSchema,
  typingSchema,
  visitorSchema,
  webChatAccountSchema,
  webChatSettingsSchema,
} from './schemas.ts';

// How long an answer waits for the server to take what a visitor wrote; cut off, it goes on alone.
const LONGEST_WAIT_MS = 5_000;

function describeVisitor(visitor: Visitor) {
  const { id, accountId, name, conversation, agentTyping, problems, isOffline } = visitor;
  return {
    id,
    accountId,
    name,
    token: visitor.token,
    identified: visitor.welcome?.identified ?? false,
    connected: visitor.tabs.filter((tab) => tab.isReady).length,
    tabs: visitor.tabs.map((tab) => ({ connected: tab.isReady, heard: tab.heard })),
    isOffline,
    conversation,
    agentTyping,
    problems,
    waiting: visitor.waiting.map(({ id: lineId, text, attempts }) => ({ id: lineId, text, attempts })),
    messages: [...visitor.messages.values()].sort((left, right) => left.at - right.at || left.order - right.order),
  };
}

/** What the server said, or null when it has not said anything for five seconds. */
async function waitAWhile<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LONGEST_WAIT_MS);
    timer.unref();
  });
  // Whoever stops waiting must not leave a refusal that nobody catches.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** `/lab/web-chat`: connect chats, open the site as a visitor, write, type, go offline, rate. */
export function createWebChatControl(webChat: WebChatSimulator): Router {
  const router = Router();
  const ofVisitor = ({ params }: { params: { id?: string | string[] } }) => webChat.visitor(String(params.id));

  router.get('/accounts', (_request, response) => {
    const items = [...webChat.accounts.values()].map(({ identitySecret, ...account }) => ({
      ...account,
      signsIn: identitySecret !== null,
    }));
    response.json({ items });
  });
  router.post(
    '/accounts',
    handleBody(webChatAccountSchema, (body) => ({ id: webChat.connect(body).id })),
  );

  router.post(
    '/relay',
    handleBody(relaySchema, async ({ accountId, ...draft }) => ({
      deliveries: await awaitDeliveries([webChat.relay(draft, accountId)]),
    })),
  );

  router.get('/visitors', (_request, response) => {
    response.json({ items: [...webChat.visitors.values()].map(describeVisitor).toReversed() });
  });
  router.post(
    '/visitors',
    handleBody(visitorSchema, (body) => describeVisitor(webChat.open(body))),
  );
  router.get('/visitors/:id', (request, response) => void response.json(describeVisitor(ofVisitor(request))));
  router.delete('/visitors/:id', (request, response) => {
    webChat.leave(request.params.id);
    response.status(204).end();
  });

  router.post(
    '/visitors/:id/messages',
    handleBody(saySchema, async ({ text, attachments, ...options }, request) => ({
      accepted: await waitAWhile(ofVisitor(request).say(text, { ...options, files: attachments })),
    })),
  );
  router.post(
    '/visitors/:id/typing',
    handleBody(typingSchema, async ({ typing }, request) => {
      await waitAWhile(ofVisitor(request).setTyping(typing));
      return {};
    }),
  );
  router.post(
    '/visitors/:id/profile',
    handleBody(profileSchema, async (body, request) => ({
      accepted: await waitAWhile(ofVisitor(request).setProfile(body)),
    })),
  );
  router.post(
    '/visitors/:id/rating',
    handleBody(ratingSchema, async ({ score, comment }, request) => ({
      accepted: await waitAWhile(ofVisitor(request).rate(score, comment)),
    })),
  );
  router.post(
    '/visitors/:id/receipts',
    handleBody(receiptSchema, async (body, request) => {
      await waitAWhile(ofVisitor(request).sendReceipt(body));
      return {};
    }),
  );
  router.post(
    '/visitors/:id/tabs',
    handleBody(tabsSchema, ({ count }, request) => {
      const visitor = ofVisitor(request);
      while (visitor.tabs.length < count) visitor.openTab();
      while (visitor.tabs.length > count) visitor.closeTab();
      return describeVisitor(visitor);
    }),
  );
  router.post(
    '/visitors/:id/offline',
    handleBody(offlineSchema, ({ durationMs }, request) => {
      ofVisitor(request).goOffline(durationMs);
      return {};
    }),
  );
  router.post(
    '/visitors/:id/online',
    handleBody(offlineSchema, (_body, request) => {
      ofVisitor(request).goOnline();
      return {};
    }),
  );
  router.post(
    '/visitors/:id/cut',
    handleBody(offlineSchema, (_body, request) => {
      for (const tab of ofVisitor(request).tabs) tab.cut();
      return {};
    }),
  );

  router.get('/settings', (_request, response) => void response.json(webChat.settings));
  router.patch(
    '/settings',
    handleBody(webChatSettingsSchema, (body) => Object.assign(webChat.settings, body)),
  );
  return router;
}
