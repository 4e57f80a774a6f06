import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { variables } from '../src/config/variables.ts';

const DEPLOY = fileURLToPath(new URL('../../../deploy/', import.meta.url));
const read = (name: string) => readFileSync(join(DEPLOY, name), 'utf8');
const units = readdirSync(DEPLOY).filter((name) => /\.(?:service|timer)$/.test(name));
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test('every variable of the examples is one the server reads, and has a value it takes', () => {
  const lines = [...units.map(read), read('tradewind.env')].join('\n').split('\n');
  const given = lines.flatMap((line) => /^#?(?:Environment=)?([A-Z_]{4,})=(.*)$/.exec(line)?.slice(1, 3) ?? []);
  const env = Object.fromEntries(Array.from({ length: given.length / 2 }, (_, at) => given.slice(2 * at, 2 * at + 2)));
  expect(Object.keys(env).filter((name) => !(name in variables))).toEqual([]);
  expect(parseConfig(env, ['--no-demo'])).toMatchObject({
    publicUrl: 'https://desk.example.com',
    trustProxy: 'loopback',
    dataDir: '/var/lib/tradewind/desk',
  });
});

test.skipIf(!hasSystemd)(
  'systemd reads the units without a complaint (skipped where there is no systemd-analyze)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tradewind-units-'));
    // The machine of a test has its Node elsewhere.
    for (const name of units)
      writeFileSync(join(folder, name), read(name).replaceAll('/usr/bin/node', process.execPath));
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', ...units.map((name) => join(folder, name))],
      {
        encoding: 'utf8',
      },
    );
    rmSync(folder, { recursive: true });
    expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' });
  },
);
