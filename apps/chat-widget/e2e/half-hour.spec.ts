import { expect, type Page, test } from '@playwright/test';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import buildConsole from '../../desktop/e2e/support/build.ts';
import { requestJson } from '../../desktop/e2e/support/http.ts';
import { AgentMachine, readWidget, sleepAndWake, VisitorMachine } from './support/half-hour.ts';
import { startRestorableDesk } from './support/restorable-desk.ts';
import { startSite } from './support/site.ts';

const ADMIN = { email: 'admin@shop.example', password: 'a-long-test-password' };
const LIN = { name: 'Lin Xiao', email: 'lin@shop.example', password: 'lin-has-a-password' };
const MAYA = { name: 'Maya Okafor', email: 'maya@shop.example', password: 'maya-has-a-password' };
const HOUR_MS = 3_600_000;
/** Another one is another half hour. */
const SEED = Number(process.env.TRADEWIND_TEST_SEED ?? 7);
/** What both sides show without being asked for older messages. */
const PAGE = 50;

interface Message {
  text: string;
  direction: 'in' | 'out';
  status: string;
  sentAt: number;
  createdSeq: number;
}

/** What a failed story must not leave running. */
const endings: (() => Promise<void>)[] = [];

test.beforeAll(async () => {
  test.setTimeout(120_000);
  await buildConsole();
});

test.afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

test('[R1] [R2] [R8] two agents and a visitor: cuts, sleep, crashes, and a desk set back to its backup', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const server = await startRestorableDesk({
    TRADEWIND_ADMIN_EMAIL: ADMIN.email,
    TRADEWIND_ADMIN_PASSWORD: ADMIN.password,
  });
  endings.push(server.close);
  const { url } = server;
  const site = await startSite(() => url);
  endings.push(site.close);
  const logIn = async () => (await requestJson<{ token: string }>(`${url}/api/auth/login`, { body: ADMIN })).token;
  let token = await logIn();
  const config = { allowedOrigins: [site.origin] };
  const { id: account } = await requestJson<{ id: string }>(`${url}/api/channels`, {
    token,
    body: { kind: 'web-chat', name: 'Website', teamIds: [], config },
  });
  for (const agent of [LIN, MAYA]) {
    await requestJson(`${url}/api/agents`, { token, body: { ...agent, role: 'agent', teamIds: [] } });
  }

  const uncaught: string[] = [];
  const watch = (page: Page) => {
    page.on('pageerror', (error) => uncaught.push(error.stack ?? error.message));
  };
  const [lin, maya, visitor] = await Promise.all([
    AgentMachine.start(browser, watch, url, LIN),
    AgentMachine.start(browser, watch, url, MAYA),
    VisitorMachine.start(browser, watch, `${site.origin}/plain?account=${account}`),
  ]);

  const random = createRandom(SEED);
  const written: string[] = [];
  const next = (who: string) => {
    const word = `${who}${String(written.length).padStart(3, '0')}`;
    written.push(word);
    return word;
  };
  const speak = {
    visitor: () => pick(random, visitor.tabs).say(next('V')),
    lin: () => lin.reply(next('L')),
    maya: () => maya.reply(next('M')),
  };
  const talk = async (times: number) => {
    for (let turn = 0; turn < times; turn++)
      await speak[pick(random, ['visitor', 'visitor', 'lin', 'maya'] as const)]();
  };

  const readDesk = async () => {
    const read: Message[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: Message[]; nextCursor: string | null } = await requestJson(
        `${url}/api/messages?channelAccountId=${account}&limit=200${cursor && `&cursor=${cursor}`}`,
        { token },
      );
      read.push(...page.items);
      cursor = page.nextCursor;
    }
    return read.sort((a, b) => a.sentAt - b.sentAt || a.createdSeq - b.createdSeq);
  };
  const readConversation = async () => {
    const { items } = await requestJson<{ items: { waitingSince: number | null }[] }>(`${url}/api/conversations`, {
      token,
    });
    expect(items).toHaveLength(1);
    return items[0];
  };
  /** Every screen shows what the desk has, in its order, and the desk has everything once. */
  const expectSame = async (lost: ReadonlySet<string> = new Set()) => {
    const differences = async () => {
      for (const agent of [lin, maya]) await agent.sendWhatIsHeld();
      const desk = (await readDesk()).map(({ text }) => text);
      const screens = await Promise.all([lin.words(), maya.words(), ...visitor.tabs.map(readWidget)]);
      const kept = written.filter((word) => !lost.has(word)).sort();
      return [
        ...(JSON.stringify([...desk].sort()) === JSON.stringify(kept) ? [] : [{ desk, kept }]),
        ...screens
          .map((screen) => ({ screen, desk: screen.length < PAGE ? desk : desk.slice(-screen.length) }))
          .filter((pair) => JSON.stringify(pair.screen) !== JSON.stringify(pair.desk)),
      ];
    };
    await expect.poll(differences, { timeout: 40_000 }).toEqual([]);
  };

  await speak.visitor();
  await lin.openOnlyConversation();
  await maya.openOnlyConversation();

  const cut = async (who: { context: VisitorMachine['context'] }, alone: () => Promise<void>) => {
    await who.context.setOffline(true);
    await alone();
    await talk(3);
    await who.context.setOffline(false);
  };
  const trials = {
    'the visitor has no network': () => cut(visitor, speak.visitor),
    'an agent has no network': () => cut(lin, speak.lin),
    'the other one has none': () => cut(maya, speak.maya),
    'all three write at once': async () => {
      await Promise.all([speak.lin(), speak.maya(), speak.visitor()]);
    },
    'the visitor reloads what he has just sent': async () => {
      await speak.visitor();
      await visitor.tab.page.reload();
      await expect(visitor.tab.panel).toBeVisible();
    },
    'the visitor opens more tabs and closes the first': async () => {
      await visitor.openTab();
      await visitor.openTab();
      await talk(3);
      await visitor.tabs.shift()?.page.close();
    },
    'the visitor closes his browser and comes back': async () => {
      await speak.visitor();
      await visitor.closeBrowserAndReturn();
    },
    'a tab is closed over a draft': async () => {
      await maya.desk.field.pressSequentially('Half a sent');
      await maya.closeTabAndReturn();
      await expect(maya.desk.field).toHaveValue('Half a sent');
      await maya.desk.field.fill('');
    },
    'an agent sleeps and wakes two hours ahead': () => sleepAndWake(lin.desk.page, 2 * HOUR_MS),
    'the visitor sleeps and wakes in the past': () => sleepAndWake(visitor.tab.page, -3 * HOUR_MS),
    'the server is killed': async () => {
      await Promise.all([server.kill(), talk(3)]);
      await server.start();
      for (const agent of [lin, maya]) await agent.tryNow();
    },
  };
  const waiting = Object.entries(trials);
  while (waiting.length > 0) {
    const [name, run] = waiting.splice(Math.floor(random() * waiting.length), 1)[0] ?? [];
    if (name && run) await test.step(name, run);
    await talk(2);
  }
  await test.step('everything is there once', async () => {
    await Promise.all([lin.expectOnline(), maya.expectOnline()]);
    await expectSame();
  });

  const lost = new Set<string>();
  await test.step('the desk is set back to its backup', async () => {
    for (const { launcher, panel } of visitor.tabs) {
      await launcher.click();
      await expect(panel).toBeHidden();
    }
    await speak.lin(); // read by the visitor after the backup
    await expect(visitor.tab.launcher).toHaveAccessibleName('Open chat, 1 new message');
    const before = written.length;
    await server.backUp();
    for (const tab of visitor.tabs) await tab.open();
    await talk(6);
    await expectSame();
    // What agents sent their consoles know, and tell the desk again; nobody else has what the visitor wrote.
    for (const word of written.slice(before)) if (word.startsWith('V')) lost.add(word);
    for (const { page } of visitor.tabs) await page.reload(); // what was reported is known from the browser's store alone
    await lin.desk.field.fill('A draft over the restore');
    await server.stop();
    for (const voice of [speak.visitor, speak.maya, speak.visitor, speak.lin]) await voice();
    await server.restore();
    await server.start();
    token = await logIn();
    for (const agent of [lin, maya]) {
      await agent.tryNow();
      await agent.logInAgain();
    }
    await expectSame(lost);
    await expect(lin.desk.field).toHaveValue('A draft over the restore');
    await lin.desk.field.fill('');
    await talk(4);
    await speak.visitor();
    await expectSame(lost);
  });

  await test.step('and all agree on who waits and what was read', async () => {
    expect((await readConversation())?.waitingSince).not.toBeNull();
    for (const tab of visitor.tabs) await expect(tab.message('Seen')).toHaveCount(1);
    await speak.lin();
    await expectSame(lost);
    expect((await readConversation())?.waitingSince).toBeNull();
    const unread = async () =>
      (await readDesk()).filter(({ direction, status }) => direction === 'out' && status !== 'read');
    await expect.poll(unread).toEqual([]);
    expect(uncaught).toEqual([]);
  });

  for (const { context } of [lin, maya, visitor]) await context.close();
});
