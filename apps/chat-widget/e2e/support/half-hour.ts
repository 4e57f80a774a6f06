import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { ConsolePage } from '../../../desktop/e2e/support/console-page.ts';
import type { AgentLogin } from '../../../desktop/e2e/support/stand.ts';
import { ChatPage } from './chat-page.ts';

/** Everything that is written is one word that nothing else contains, such as `L017`. */
const WORD = /[VLM]\d{3}/;

type Watch = (page: Page) => void;

/** The clock of a page can be set, as it is for a machine that slept or has a wrong one. */
async function openContext(browser: Browser, watch: Watch, more: object = {}): Promise<BrowserContext> {
  const context = await browser.newContext(more);
  context.on('page', watch);
  await context.addInitScript(() => {
    const now = Date.now.bind(Date);
    let aheadMs = 0;
    Date.now = () => now() + aheadMs;
    Object.assign(window, {
      jumpClock: (byMs: number) => {
        aheadMs += byMs;
      },
    });
  });
  return context;
}

/** The machine sleeps without its network, and wakes with another time of day. */
export async function sleepAndWake(page: Page, byMs: number): Promise<void> {
  const context = page.context();
  const session = await context.newCDPSession(page);
  await context.setOffline(true);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await page.evaluate((ms) => (window as unknown as { jumpClock(byMs: number): void }).jumpClock(ms), byMs);
  await context.setOffline(false);
  await session.detach();
}

/** An agent at a machine of his own. */
export class AgentMachine {
  readonly context: BrowserContext;
  desk: ConsolePage;
  readonly #login: AgentLogin;

  private constructor(context: BrowserContext, desk: ConsolePage, login: AgentLogin) {
    this.context = context;
    this.desk = desk;
    this.#login = login;
  }

  static async start(browser: Browser, watch: Watch, url: string, login: AgentLogin): Promise<AgentMachine> {
    const context = await openContext(browser, watch, { viewport: { width: 1440, height: 900 } });
    const desk = new ConsolePage(await context.newPage());
    await desk.logIn(url, login);
    return new AgentMachine(context, desk, login);
  }

  async openOnlyConversation(): Promise<void> {
    await this.desk.showQueue('All');
    await this.desk.page.getByRole('option').click();
    await expect(this.desk.composer).toBeVisible();
  }

  /** Says it over what stands in the field, which is written again afterwards. */
  async reply(text: string): Promise<void> {
    const draft = await this.desk.field.inputValue();
    await this.desk.reply(text);
    await this.desk.field.fill(draft);
  }

  /** Closes the tab while something stands in the field, and comes back. */
  async closeTabAndReturn(): Promise<void> {
    const address = this.desk.page.url();
    await this.desk.page.close();
    this.desk = new ConsolePage(await this.context.newPage());
    await this.desk.page.goto(address);
    await expect(this.desk.composer).toBeVisible();
  }

  async expectOnline(): Promise<void> {
    await expect(this.desk.connection).toHaveAttribute('data-kind', 'online', { timeout: 35_000 });
  }

  /** Nobody waits half a minute who sees a button. */
  async tryNow(): Promise<void> {
    const button = this.desk.page.getByRole('button', { name: 'Try now' });
    if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => undefined);
  }

  async logInAgain(): Promise<void> {
    const { page } = this.desk;
    await page.getByLabel('Password', { exact: true }).fill(this.#login.password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await this.expectOnline();
  }

  /** Sends after all what was held because somebody else had written meanwhile. */
  async sendWhatIsHeld(): Promise<void> {
    const { connection, page } = this.desk;
    const ask = connection.getByRole('button', { name: /your decision/ });
    if (!(await ask.isVisible())) return;
    await ask.click();
    const answer = page.getByRole('dialog').getByRole('button', { name: 'Send anyway' });
    // One that goes while it is pressed has been answered.
    while (await answer.first().isVisible())
      await answer
        .first()
        .click({ timeout: 2_000 })
        .catch(() => undefined);
    await page.keyboard.press('Escape');
  }

  words(): Promise<string[]> {
    return readWords(this.desk.page.getByTestId('message').allTextContents());
  }
}

/** A visitor with his browser and its tabs. */
export class VisitorMachine {
  context: BrowserContext;
  tabs: ChatPage[] = [];
  readonly #browser: Browser;
  readonly #watch: Watch;
  readonly #address: string;

  private constructor(browser: Browser, watch: Watch, address: string, context: BrowserContext) {
    this.#browser = browser;
    this.#watch = watch;
    this.#address = address;
    this.context = context;
  }

  /** @param address - of a page with the chat in it. */
  static async start(browser: Browser, watch: Watch, address: string): Promise<VisitorMachine> {
    const visitor = new VisitorMachine(browser, watch, address, await openContext(browser, watch));
    await visitor.openTab();
    return visitor;
  }

  get tab(): ChatPage {
    const [first] = this.tabs;
    if (!first) throw new Error('the visitor has closed all tabs');
    return first;
  }

  async openTab(): Promise<void> {
    const tab = new ChatPage(await this.context.newPage());
    await tab.page.goto(this.#address);
    await tab.open();
    this.tabs.push(tab);
  }

  /** Another day on the same computer. */
  async closeBrowserAndReturn(): Promise<void> {
    const storageState = await this.context.storageState();
    await this.context.close();
    this.context = await openContext(this.#browser, this.#watch, { storageState });
    this.tabs = [];
    await this.openTab();
  }
}

export async function readWidget(tab: ChatPage): Promise<string[]> {
  return readWords(tab.panel.getByRole('log').locator('.message').allTextContents());
}

async function readWords(texts: Promise<string[]>): Promise<string[]> {
  return (await texts).map((text) => WORD.exec(text)?.[0] ?? text);
}
