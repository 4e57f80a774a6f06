import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';
import { generateFiles } from './generate.ts';

function problemsOf(env: Record<string, string>, argv: string[] = []): readonly string[] {
  try {
    parseConfig(env, argv);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('without variables and flags it is the demo on this machine', () => {
  expect(parseConfig({})).toEqual({
    mode: 'demo',
    port: 7373,
    bind: '127.0.0.1',
    dataDir: null,
    databaseUrl: null,
    publicUrl: null,
    trustProxy: false,
    strictEgress: false,
    tombstoneDays: 180,
    admin: null,
    secretKey: null,
    headless: false,
    logLevel: 'info',
  });
});

test('flags win over variables', () => {
  const config = parseConfig({ PORT: '1000', TRADEWIND_DATA: '/a' }, [
    '--port',
    '2000',
    '--data=/b',
    '--no-demo',
    '--headless',
  ]);
  expect(config).toMatchObject({ port: 2000, dataDir: '/b', mode: 'desk', headless: true });
});

test('a valid flag hides an invalid variable of the same meaning', () => {
  expect(parseConfig({ PORT: 'many' }, ['--port', '2000']).port).toBe(2000);
});

test('all problems are listed at once, by the name a person typed', () => {
  const problems = problemsOf(
    { TRADEWIND_STRICT_EGRESS: 'yes', TRADEWIND_PUBLIC_URL: 'desk.example.com', TRADEWIND_SECRET_KEY: 'short' },
    ['--port', '99999', '--fast'],
  );
  expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
    '--fast',
    '--port',
    'TRADEWIND_PUBLIC_URL',
    'TRADEWIND_SECRET_KEY',
    'TRADEWIND_STRICT_EGRESS',
  ]);
});

test('a flag without its value is refused', () => {
  expect(problemsOf({}, ['--data'])).toEqual(['--data: needs a value']);
  expect(problemsOf({}, ['--port', '--headless'])[0]).toBe('--port: needs a value');
});

test('a value whose flag npm has kept is told how to come through', () => {
  expect(problemsOf({}, ['8080'])[0]).toMatch(/^8080: .+ npm start -- --port 8080$/);
});

test('an empty variable counts as not set', () => {
  expect(parseConfig({ PORT: '', TRADEWIND_ADMIN_EMAIL: '' })).toMatchObject({ port: 7373, admin: null });
});

test('the first admin needs both variables', () => {
  expect(problemsOf({ TRADEWIND_ADMIN_EMAIL: 'ada@example.com' })).toEqual([
    'TRADEWIND_ADMIN_PASSWORD: must be set too; the first admin needs both mail address and password',
  ]);
  expect(
    parseConfig({ TRADEWIND_ADMIN_EMAIL: 'Ada@Example.com', TRADEWIND_ADMIN_PASSWORD: 'long enough' }).admin,
  ).toEqual({
    email: 'ada@example.com',
    password: 'long enough',
  });
});

test('the password of the first admin is not the mail address', () => {
  const variables = { TRADEWIND_ADMIN_EMAIL: 'ada@example.com', TRADEWIND_ADMIN_PASSWORD: 'Ada@Example.com' };
  expect(problemsOf(variables)).toEqual(['TRADEWIND_ADMIN_PASSWORD: must not be the mail address']);
});

test('the demo never listens beyond this machine, a desk may', () => {
  expect(problemsOf({ TRADEWIND_BIND: '0.0.0.0' })).toHaveLength(1);
  expect(parseConfig({ TRADEWIND_BIND: '0.0.0.0' }, ['--no-demo']).bind).toBe('0.0.0.0');
});

test.each([
  ['true', true],
  ['false', false],
  ['2', 2],
  ['10.0.0.0/8, loopback', '10.0.0.0/8, loopback'],
])('TRADEWIND_TRUST_PROXY=%s', (text, expected) => {
  expect(parseConfig({ TRADEWIND_TRUST_PROXY: text }).trustProxy).toBe(expected);
});

test('a proxy that is no address is refused', () => {
  expect(problemsOf({ TRADEWIND_TRUST_PROXY: '10.0.0.0/33' })).toHaveLength(1);
  expect(problemsOf({ TRADEWIND_TRUST_PROXY: 'my-proxy' })).toHaveLength(1);
});

test('the public address loses its last slash', () => {
  expect(parseConfig({ TRADEWIND_PUBLIC_URL: 'https://desk.example.com/' }).publicUrl).toBe('https://desk.example.com');
});

test('.env.example and docs/configuration.md are up to date (run src/config/generate.ts)', async () => {
  for (const { url, content } of await generateFiles()) expect(await readFile(url, 'utf8'), url.pathname).toBe(content);
});
