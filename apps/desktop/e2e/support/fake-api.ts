import type { Page } from '@playwright/test';

const HOUR_MS = 3_600_000;
const now = Date.now();
const LONG = 'Kundenbetreuung und Rückabwicklung für Großbestellungen im deutschsprachigen Raum';

const account = {
  teamIds: [],
  config: {},
  rejected: 0,
  lastRejectedAt: null,
  lastRejectReason: null,
  lastEventAt: null,
  sendProblem: null,
};

/** What the settings read of a desk that has seen some days: long names, troubles, people who left. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/api/setup': {
    needsSetup: false,
    deskName: 'Lantern & Loom',
    timeZone: 'Europe/Berlin',
    mode: 'desk',
    version: '0.1.0',
    resetByMail: false,
  },
  '/api/desk': { name: 'Lantern & Loom', timeZone: 'Europe/Berlin' },
  '/api/me': { id: 'a1', email: 'lin@tradewind.example', name: '林晓', role: 'admin', totp: true },
  '/api/sessions': {
    items: [
      {
        id: 's1',
        userAgent: 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36',
        address: '203.0.113.20',
        createdAt: now - HOUR_MS,
        lastSeenAt: now,
        current: true,
      },
      {
        id: 's2',
        userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) Version/18.3 Mobile/15E148 Safari/604.1',
        address: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
        createdAt: now - 90 * HOUR_MS,
        lastSeenAt: now - 5 * HOUR_MS,
        current: false,
      },
      { id: 's3', userAgent: '', address: '198.51.100.7', createdAt: now, lastSeenAt: now, current: false },
    ],
    nextCursor: null,
  },
  '/api/agents': {
    items: [
      {
        id: 'a1',
        email: 'lin@tradewind.example',
        name: '林晓',
        role: 'admin',
        teamIds: ['t1'],
        disabled: false,
        totp: true,
      },
      {
        id: 'a2',
        email: 'a.very.long.address.of.somebody@customer-care.lantern-and-loom.example',
        name: LONG,
        role: 'agent',
        teamIds: ['t1', 't2'],
        disabled: false,
      },
      { id: 'a3', email: 'noor@tradewind.example', name: 'نور الهاشمي', role: 'agent', teamIds: [], disabled: true },
    ],
    nextCursor: null,
  },
  '/api/teams': {
    items: [
      { id: 't1', name: 'Returns' },
      { id: 't2', name: LONG },
    ],
    nextCursor: null,
  },
  '/api/invites': {
    items: [
      {
        id: 'i1',
        email: 'maya@tradewind.example',
        name: '',
        role: 'admin',
        teamIds: [],
        expiresAt: now + 100 * HOUR_MS,
      },
    ],
    nextCursor: null,
  },
  '/api/channels': {
    items: [
      {
        ...account,
        id: 'c1',
        kind: 'mailgun',
        name: 'Support mail',
        address: 'support@mail.lantern.example',
        config: {
          domain: 'mail.lantern.example',
          fromAddress: 'Support <support@mail.lantern.example>',
          signingKey: 'set',
        },
        webhookUrl: 'https://desk.lantern.example/webhooks/mailgun/c1',
        rejected: 1_204,
        lastRejectedAt: now - HOUR_MS,
        lastRejectReason: 'the signature is wrong',
        lastEventAt: now - 2 * HOUR_MS,
        sendProblem: { text: 'Forbidden: the domain mail.lantern.example is not verified', since: now - 3 * HOUR_MS },
      },
      {
        ...account,
        id: 'c2',
        kind: 'web-chat',
        name: LONG,
        address: 'https://www.lantern.example',
        config: {
          allowedOrigins: ['https://www.lantern.example'],
          officeHours: { timeZone: 'Europe/Berlin', days: { mon: [['09:00', '18:00']] } },
        },
        webhookUrl: 'https://desk.lantern.example/webhooks/web-chat/c2',
      },
      {
        ...account,
        id: 'c3',
        kind: 'carrier-pigeon',
        name: 'From a newer server',
        address: 'loft 4',
        webhookUrl: 'https://desk.lantern.example/webhooks/carrier-pigeon/c3',
        lastEventAt: now,
      },
    ],
    nextCursor: null,
  },
  '/api/stores': { items: [], nextCursor: null },
};

export type ApiState = 'lived-in' | 'silent' | 'failing';

/**
 * Answers for the server: a desk with some days behind it, no answer at all (what loads stays so), or a fault each time.
 * Use it with `serviceWorkers: 'block'`: Playwright does not see what a worker asks for.
 */
export async function answerApi(page: Page, state: ApiState = 'lived-in'): Promise<void> {
  await page.route('**/api/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (state === 'silent') return;
    if (state === 'failing') {
      const body = JSON.stringify({ type: 'urn:tradewind:internal', title: 'Something went wrong on our side.' });
      return route.fulfill({ status: 500, contentType: 'application/problem+json', body });
    }
    const answer = ANSWERS[pathname] ?? findOne(pathname);
    return route.fulfill(answer === undefined ? { status: 404, json: {} } : { json: answer });
  });
}

/** `/api/channels/c1` is an entry of the list `/api/channels`. */
function findOne(pathname: string): unknown {
  const at = pathname.lastIndexOf('/');
  const list = ANSWERS[pathname.slice(0, at)] as { items?: { id: string }[] } | undefined;
  return list?.items?.find(({ id }) => id === pathname.slice(at + 1));
}
