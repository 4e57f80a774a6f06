import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('links open in the system’s browser, and only those that start no program; the window stays', async ({ app }) => {
  const opened = await app.spyOutside();
  await app.page.evaluate(() => {
    window.open('https://shop.example/order/1');
    window.open('tel:+4930123456');
    window.open('file:///etc/passwd');
    window.open('ms-msdt:/id');
  });
  const links = ['https://shop.example/order/1', 'tel:+4930123456'];
  await expect.poll(opened).toEqual(links);
  for (const address of ['https://evil.example/', 'file:///etc/passwd', 'app://other/', 'data:text/html,<p>hi']) {
    await app.page.evaluate((href) => window.location.assign(href), address).catch(() => undefined);
  }
  await expect.poll(opened).toEqual([...links, 'https://evil.example/']);
  expect(app.page.url()).toMatch(/^app:\/\/desk\//);
  expect(app.electron.windows()).toHaveLength(1);
});

test('the page gets neither place nor clipboard nor notices', async ({ app }) => {
  const answers = await app.page.evaluate(async () => {
    const place = await new Promise<string>((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('given'),
        ({ code }) => resolve(`refused ${code}`),
      ),
    );
    const clipboard = await navigator.clipboard.readText().then(
      () => 'given',
      ({ name }: Error) => name,
    );
    return { place, clipboard, notices: await Notification.requestPermission() };
  });
  expect(answers).toEqual({ place: 'refused 1', clipboard: 'NotAllowedError', notices: 'denied' });
});

test('the policy is in force: nothing inline, nothing evaluated, no other server', async ({ app, stand }) => {
  const violations = await app.page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.body.append(style);
    await fetch('http://127.0.0.1:9/').catch(() => undefined);
    try {
      window.setTimeout('window.ran = true', 0);
    } catch {
      seen.push('eval refused');
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { seen: [...new Set(seen)].sort(), ran: 'ran' in window };
  });
  expect(violations.ran).toBe(false);
  expect(violations.seen).toEqual(expect.arrayContaining(['connect-src', 'script-src-elem', 'style-src-elem']));
  const policy = await app.page.evaluate(async () =>
    (await fetch('app://desk/')).headers.get('content-security-policy'),
  );
  expect(policy).toContain(`connect-src 'self' ${stand.url} ${stand.url.replace('http', 'ws')}`);
  expect(policy).not.toContain('unsafe');
});

test('the console itself never offends against the policy', async ({ launch, stand }) => {
  const app = await launch();
  await app.page.addInitScript(() => {
    const offences: string[] = [];
    Object.assign(window, { offences });
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      offences.push(`${effectiveDirective} ${blockedURI}`),
    );
  });
  await app.chooseServer(stand.url);
  await app.logIn(stand.agents.maya);
  await app.receiveMail(stand, 'No offence', '<p>Hello <b>you</b></p>');
  await app.desk.open('No offence');
  await app.desk.reply('None taken.');
  expect(await app.page.evaluate(() => (window as unknown as { offences: string[] }).offences)).toEqual([]);
});

test('the bridge takes nothing it does not promise, and nothing from another page', async ({ app }) => {
  const refusals = await app.page.evaluate(async () => {
    const bridge = window.tradewind as unknown as Record<
      string,
      Record<string, (...args: unknown[]) => Promise<unknown>>
    >;
    const calls: [string, string, unknown[]][] = [
      ['servers', 'choose', ['javascript:alert(1)']],
      ['servers', 'choose', ['https://desk.example/path']],
      ['session', 'adopt', ['short']],
      ['notices', 'show', [{ id: 'n1' }]],
      ['shell', 'setBadge', [-1]],
      ['shell', 'setPreferences', [{ language: 'xx' }]],
      ['shell', 'focus', ['surplus']],
    ];
    return Promise.all(
      calls.map(([area, name, args]) =>
        bridge[area]?.[name]?.(...args).then(
          () => `${area}.${name} went through`,
          () => 'refused',
        ),
      ),
    );
  });
  expect(new Set(refusals)).toEqual(new Set(['refused']));

  const stranger = await app.electron.evaluate(async ({ app: shell, BrowserWindow }) => {
    const preload = `${shell.getAppPath()}/dist/preload/index.cjs`;
    const window = new BrowserWindow({ show: false, webPreferences: { preload } });
    await window.loadURL('app://desk/');
    const answer: unknown = await window.webContents
      .executeJavaScript('tradewind.session.state().then(() => "answered", (error) => error.message)')
      .catch(String);
    window.destroy();
    return answer;
  });
  expect(stranger).toContain('may not ask');
});

test('files outside the console’s folder cannot be read through its address', async ({ app }) => {
  const statuses = await app.page.evaluate(() =>
    Promise.all(
      ['..%2f..%2fpackage.json', '%2e%2e%2fmain%2findex.cjs', '../main/index.cjs', 'assets/..%5c..%5cx'].map(
        async (path) => (await fetch(`app://desk/${path}`)).status,
      ),
    ),
  );
  expect(statuses).toEqual([404, 404, 404, 404]);
});

test('a file of a conversation is saved by the system, with the session the page does not have', async ({
  app,
  stand,
}) => {
  const path = (name: string) => join(app.profile, name);
  await stand.lab.mail({
    from: 'file@mail.example',
    subject: 'With a file',
    text: 'See the file.',
    attachments: [
      { name: 'invoice.txt', contentType: 'text/plain', contentBase64: Buffer.from('42 EUR').toString('base64') },
    ],
  });
  await app.desk.open('With a file');
  for (const button of ['left', 'middle'] as const) {
    await app.electron.evaluate(({ session }, savePath) => {
      session.defaultSession.once('will-download', (_event, item) => item.setSavePath(savePath));
    }, path(button));
    await app.page.getByRole('link', { name: /invoice\.txt/ }).click({ button });
    await expect.poll(() => readFile(path(button), 'utf8').catch(() => '')).toBe('42 EUR');
  }
  expect(app.electron.windows()).toHaveLength(1);
});
