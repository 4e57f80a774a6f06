import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, expect, type Page } from '@playwright/test';
import { ConsolePage } from '../../support/console-page.ts';
import type { AgentLogin, Stand } from '../../support/stand.ts';

const APP = fileURLToPath(new URL('../../..', import.meta.url));

export interface LaunchOptions {
  /** Path of the Electron program. */
  runtime: string;
  profile: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

function toArgs({ profile, args = [] }: LaunchOptions): string[] {
  // Chromium refuses its sandbox to root, as whom containers run tests.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = process.env.TRADEWIND_TEST_APP ? [] : [APP]; // the packaged program has it inside
  return [...sandbox, ...app, `--user-data-dir=${profile}`, '--lang=en-GB', ...args];
}

function toEnv({ env = {} }: LaunchOptions): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(inherited), ...env };
}

/** The desktop app as a person and the system meet it. */
export class DesktopApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly desk: ConsolePage;
  /** The folder of its profile. */
  readonly profile: string;
  readonly #options: LaunchOptions;
  #closed = false;

  private constructor(options: LaunchOptions, electron: ElectronApplication, page: Page) {
    this.#options = options;
    this.profile = options.profile;
    this.electron = electron;
    this.page = page;
    this.desk = new ConsolePage(page);
  }

  static async launch(options: LaunchOptions): Promise<DesktopApp> {
    const electron = await _electron.launch({
      executablePath: options.runtime,
      args: toArgs(options),
      env: toEnv(options),
    });
    return new DesktopApp(options, electron, await electron.firstWindow());
  }

  /** As after a log-in: the desk without a conversation, in English, in front. What a test put into the page is gone. */
  async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      localStorage.removeItem('tradewind.preferences');
      await window.tradewind?.shell.setPreferences({ closeToTray: false, language: 'en' });
      await window.tradewind?.shell.setBadge(0);
      window.location.hash = '#/';
    });
    await this.page.reload();
    await expect(this.desk.connection).toHaveAttribute('data-kind', 'online');
    await this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  }

  /** Starts the program once more on the same profile, as the system does with a link; resolves with its exit code. */
  startAgain(args: readonly string[] = []): Promise<number | null> {
    return startOnce({ ...this.#options, args });
  }

  /** Types the server's address into the first screen; the window comes back with the server's log-in. */
  async chooseServer(url: string): Promise<void> {
    await this.page.locator('input[name=server]').fill(url);
    await this.page.locator('input[name=server]').press('Enter');
    await expect(this.page.getByLabel('Email')).toBeVisible();
  }

  async logIn(agent: AgentLogin): Promise<void> {
    await this.page.getByLabel('Email').fill(agent.email);
    await this.page.getByLabel('Password', { exact: true }).fill(agent.password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await expect(this.desk.connection).toHaveAttribute('data-kind', 'online');
  }

  /** A customer's mail arrives; resolves with its conversation's id once the list shows it. */
  async receiveMail(stand: Stand, subject: string, html?: string): Promise<string> {
    await stand.lab.mail({ from: 'Ann <ann@shop.example>', subject, text: 'Hello?', ...(html ? { html } : {}) });
    await this.desk.showQueue('All');
    const id = await this.desk.row(subject).getAttribute('id');
    return id?.replace('conversation-', '') ?? '';
  }

  hide(): Promise<void> {
    return this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  }

  isVisible(): Promise<boolean | undefined> {
    return this.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  }

  /** Playwright's pages believe they have the keyboard; this one is told that it lost it. */
  lookAway(): Promise<void> {
    return this.page.evaluate(() => {
      document.hasFocus = () => false;
      window.dispatchEvent(new Event('blur'));
    });
  }

  pagePid(): Promise<number | undefined> {
    return this.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
  }

  /** Kills the page's process as the system does when memory is short. @returns its id. */
  async killPage(): Promise<number> {
    const pid = await this.pagePid();
    if (!pid) throw new Error('the page has no process');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => this.pagePid()).not.toBe(pid);
    return pid;
  }

  /** The value of an expression in the page, null while the page cannot be asked. */
  read(expression: string): Promise<unknown> {
    return this.electron
      .evaluate(
        ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code),
        expression,
      )
      .catch(() => null);
  }

  /** Holds notices back from the system and lets the test click them. */
  async spyNotices() {
    await this.electron.evaluate(({ Notification }) => {
      const spy = { shown: [] as Electron.Notification[], closed: 0 };
      Object.assign(globalThis, { notices: spy });
      Notification.prototype.show = function (this: Electron.Notification) {
        spy.shown.push(this);
      };
      Notification.prototype.close = () => void spy.closed++;
    });
    type Spied = { notices: { shown: Electron.Notification[]; closed: number } };
    return {
      shown: () =>
        this.electron.evaluate(() =>
          (globalThis as unknown as Spied).notices.shown.map(({ title, body, silent }) => ({ title, body, silent })),
        ),
      closed: () => this.electron.evaluate(() => (globalThis as unknown as Spied).notices.closed),
      click: (index: number) =>
        this.electron.evaluate(
          (_electron, at) => void (globalThis as unknown as Spied).notices.shown[at]?.emit('click'),
          index,
        ),
    };
  }

  /** What the shell remembers of notices for the time after a restart. */
  async keptNotices(): Promise<{ id: string; conversationId: string; server: string }[]> {
    const file = JSON.parse(await readFile(join(this.profile, 'notices.json'), 'utf8'));
    return (file as { shown: { id: string; conversationId: string; server: string }[] }).shown;
  }

  /** Addresses the system was asked to open; none is. */
  async spyOutside(): Promise<() => Promise<string[]>> {
    await this.electron.evaluate(({ shell }) => {
      const outside: string[] = [];
      Object.assign(globalThis, { outside });
      shell.openExternal = async (address: string) => void outside.push(address);
    });
    return () => this.electron.evaluate(() => (globalThis as unknown as { outside: string[] }).outside);
  }

  /** What the shell tells the page from now on. */
  async listen(): Promise<() => Promise<unknown[]>> {
    await this.page.evaluate(() => {
      const heard: unknown[] = [];
      Object.assign(window, { heard });
      window.tradewind?.onEvent((event) => heard.push(event));
    });
    return () => this.page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);
  }

  /** Ends the whole app at once, as a power cut does. */
  async kill(): Promise<void> {
    this.#closed = true;
    const child = this.electron.process();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Quits as a person does; a hung app is ended. Doing it twice does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const child = this.electron.process();
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await this.electron.evaluate(({ app }) => app.quit()).catch(() => undefined); // it may be gone before it answers
    await ended;
    clearTimeout(timer);
  }
}

async function startOnce(options: LaunchOptions): Promise<number | null> {
  const child: ChildProcess = spawn(options.runtime, toArgs(options), { env: toEnv(options), stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return code;
}
