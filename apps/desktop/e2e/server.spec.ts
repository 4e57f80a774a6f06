import { expect, type Page } from '@playwright/test';
import type { KnownServer, ServerCheck, ShellEvent } from '@tradewind/shared/ipc/bridge';
import { findViolations } from './support/axe.ts';
import { test } from './support/fixtures.ts';

interface ShellState {
  servers: KnownServer[];
  current: string | null;
  /** What the shell finds behind an address. */
  found: Record<string, ServerCheck>;
  storage?: 'key-store' | 'memory';
}

/** Puts a made-up desktop shell around the page: what was asked of it stands in `window.asked` and `window.changes`. */
async function wrapInShell(page: Page, state: ShellState): Promise<void> {
  await page.addInitScript((shell) => {
    const asked: unknown[][] = [];
    const changes: object[] = [];
    const listeners = new Set<(event: unknown) => void>();
    const preferences = { language: 'en', startAtLogin: false, closeToTray: true, theme: 'system' };
    Object.assign(window, {
      asked,
      changes,
      tell: (event: unknown) => {
        for (const listener of listeners) listener(event);
      },
      tradewind: {
        info: { platform: 'linux', version: '0.1.0' },
        servers: {
          list: async () => ({ servers: shell.servers, current: shell.current }),
          check: async (address: string) =>
            shell.found[address] ?? { kind: 'unreachable', detail: 'net::ERR_CONNECTION_REFUSED' },
          choose: async (origin: string) => void asked.push(['choose', origin]),
          forget: async (origin: string) => {
            asked.push(['forget', origin]);
            shell.servers = shell.servers.filter((server) => server.origin !== origin);
          },
        },
        session: {
          adopt: async () => shell.storage ?? 'key-store',
          clear: async () => undefined,
          state: async () => ({ signedIn: true, storage: shell.storage ?? 'key-store' }),
        },
        notices: { show: async () => undefined, dismiss: async () => undefined },
        shell: {
          setBadge: async () => undefined,
          setPresence: async () => undefined,
          preferences: async () => preferences,
          setPreferences: async (change: object) => {
            changes.push(change);
            return { ...Object.assign(preferences, change) };
          },
          focus: async () => undefined,
        },
        onEvent: (listener: (event: unknown) => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
  }, state);
}

const tell = (page: Page, event: ShellEvent) =>
  page.evaluate((told) => (window as unknown as { tell(event: unknown): void }).tell(told), event);
const asked = (page: Page) => page.evaluate(() => (window as unknown as { asked: unknown[][] }).asked);

const LANTERN: ServerCheck = {
  kind: 'ok',
  origin: 'https://desk.lantern.example',
  name: 'Lantern & Loom',
  needsSetup: false,
};

test('the first screen asks for the desk, and says what is wrong with an address', async ({ page, screens }) => {
  await wrapInShell(page, {
    servers: [],
    current: null,
    found: {
      nonsense: { kind: 'not-an-address', detail: 'nonsense' },
      'https://example.com': { kind: 'not-tradewind', detail: 'https://example.com: HTTP 404' },
      'https://old.example': { kind: 'certificate', detail: 'net::ERR_CERT_DATE_INVALID' },
      'https://desk.lantern.example/#/invite/tw_1': LANTERN,
    },
  });
  await page.goto(screens);
  const field = page.getByLabel('Server address');
  await expect(field).toBeFocused();
  expect(await findViolations(page)).toEqual([]);
  for (const [address, said] of [
    ['', 'Type an address, or paste a link.'],
    ['nonsense', 'This is not an address.'],
    ['desk.gone.example', 'Nothing answers at this address.'],
    ['https://example.com', 'it is not a Tradewind server'],
    ['https://old.example', 'cannot be trusted'],
  ] as const) {
    await field.fill(address);
    await page.getByRole('button', { name: 'Connect' }).click();
    await expect(page.getByRole('alert').filter({ hasText: said })).toBeVisible();
    await expect(field).toBeFocused();
  }
  expect(await findViolations(page)).toEqual([]);
  // A link to an invitation leads to the invitation at its desk.
  await field.fill('https://desk.lantern.example/#/invite/tw_1');
  await page.keyboard.press('Enter');
  await expect.poll(() => asked(page)).toEqual([['choose', 'https://desk.lantern.example']]);
  expect(new URL(page.url()).hash).toBe('#/invite/tw_1');
});

test('several desks are remembered: one press goes to one, another forgets it', async ({ page, screens }) => {
  await wrapInShell(page, {
    servers: [
      { origin: 'https://desk.lantern.example', name: 'Lantern & Loom' },
      { origin: 'http://192.168.1.20:7373', name: '' },
    ],
    current: null,
    found: {},
  });
  await page.goto(screens);
  const known = page.getByRole('region', { name: 'Used on this device' });
  await expect(known.getByRole('listitem')).toHaveCount(2);
  expect(await findViolations(page)).toEqual([]);
  await known.getByRole('button', { name: 'Forget 192.168.1.20:7373' }).click();
  await expect(known.getByRole('listitem')).toHaveCount(1);
  await known.getByRole('button', { name: /^Lantern/ }).click();
  await expect
    .poll(() => asked(page))
    .toEqual([
      ['forget', 'http://192.168.1.20:7373'],
      ['choose', 'https://desk.lantern.example'],
    ]);
});

test('a link to another desk is never followed unasked', async ({ page, screens }) => {
  await wrapInShell(page, {
    servers: [{ origin: screens, name: 'Here' }],
    current: new URL(screens).origin,
    found: { 'desk.lantern.example': LANTERN },
  });
  await page.goto(screens);
  await expect(page.getByTestId('connection')).toBeVisible();
  await tell(page, { type: 'connect', address: 'desk.lantern.example' });
  const dialog = page.getByRole('dialog', { name: 'Go to another desk?' });
  await expect(dialog.getByLabel('Server address')).toHaveValue('desk.lantern.example');
  expect(await asked(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog).toContainText('https://desk.lantern.example');
  expect(await findViolations(page)).toEqual([]);
  expect(await asked(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Go to Lantern & Loom' }).click();
  await expect.poll(() => asked(page)).toEqual([['choose', 'https://desk.lantern.example']]);
});

test('this device: how the app starts, and what it means when there is no safe place for the session', async ({
  page,
  screens,
}) => {
  await wrapInShell(page, { servers: [], current: new URL(screens).origin, found: {}, storage: 'memory' });
  await page.goto(screens);
  await tell(page, { type: 'menu', command: 'settings' });
  await page.getByRole('link', { name: 'This device' }).click();
  await expect(page.getByText('Your session is kept in memory only')).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.getByRole('switch', { name: 'Start when I log in to this computer' }).check();
  await expect(page.getByRole('switch', { name: 'Start when I log in to this computer' })).toBeChecked();
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { changes: object[] }).changes))
    .toContainEqual({ startAtLogin: true });
  await tell(page, { type: 'menu', command: 'servers' });
  await expect(page.getByLabel('Server address')).toBeVisible();
});
