import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

/** All files of a folder that hold the text. */
async function findInFiles(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const holds = await Promise.all(
    paths.map(async (path) => (await readFile(path).catch(() => Buffer.alloc(0))).includes(text)),
  );
  return paths.filter((_path, index) => holds[index]);
}

test('choose a server, log in, see the list; the next start asks for the password alone and says why', async ({
  launch,
  profile,
  stand,
}) => {
  const subject = `A kettle for ${profile.slice(-6)}`;
  await stand.lab.mail({ from: 'Ann <ann@shop.example>', subject, text: 'Is it back in stock?' });
  const app = await launch();
  expect(app.page.url()).toBe('app://desk/');
  await app.chooseServer(stand.url);
  await app.logIn(stand.agents.lin);
  await app.desk.open(subject);
  await app.close();

  const next = await launch();
  await expect(next.page.getByLabel('Email')).toHaveValue(stand.agents.lin.email);
  await expect(next.page.getByTestId('session-in-memory')).toBeVisible();
  await next.logIn(stand.agents.lin);
  await expect(next.desk.row(subject)).toBeVisible();
});

test('[R16] the session token is nowhere in the profile', async ({ launch, profile, stand }) => {
  const app = await launch();
  await app.chooseServer(stand.url);
  const answered = app.page.waitForResponse('**/api/auth/login');
  await app.logIn(stand.agents.lin);
  const { token } = (await (await answered).json()) as { token: string };
  expect(token.length).toBeGreaterThan(16);
  expect(await app.page.evaluate(() => window.tradewind?.session.state())).toEqual({
    signedIn: true,
    storage: 'memory',
  });
  expect(await findInFiles(profile, token)).toEqual([]);
  await app.close();
  expect(await findInFiles(profile, token)).toEqual([]);
  expect(await findInFiles(profile, stand.url)).not.toEqual([]); // what is there can be found
});

test('with nobody at the address the screen says so and stays', async ({ launch }) => {
  const app = await launch();
  await app.page.locator('input[name=server]').fill('http://127.0.0.1:1');
  await app.page.locator('input[name=server]').press('Enter');
  await expect(app.page.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
  await expect(app.page.locator('input[name=server]')).toHaveValue('http://127.0.0.1:1');
});
