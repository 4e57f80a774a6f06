import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeIcons } from './icons.ts';
import { stageApp } from './stage.ts';

const PNPM = 'pnpm@12.21.0';
const desktop = fileURLToPath(new URL('..', import.meta.url));
const here = join(desktop, 'packaging');

// `package.ts` makes this platform's packages, `package.ts --dir` an unpacked app.
run('npx', ['--yes', PNPM, 'install', '--frozen-lockfile', '--ignore-workspace', '--ignore-scripts'], here);
writeIcons(join(desktop, 'dist', 'icons'));
stageApp(desktop);
const builder = join(here, 'node_modules', 'electron-builder', 'cli.js');
const args = ['--projectDir', desktop, '--config', 'electron-builder.yml', ...process.argv.slice(2), ...electronArgs()];
run(process.execPath, [builder, ...args], desktop);

/** Electron from a folder where one is given; else electron-builder fetches the version we are pinned to. */
function electronArgs(): string[] {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const version =
    dist === undefined
      ? (
          JSON.parse(readFileSync(join(desktop, 'node_modules', 'electron', 'package.json'), 'utf8')) as {
            version: string;
          }
        ).version
      : readVersion(dist);
  return [`-c.electronVersion=${version}`, ...(dist === undefined ? [] : [`-c.electronDist=${dist}`])];
}

function readVersion(dist: string): string {
  const file = join(dist, 'version');
  if (!existsSync(file))
    throw new Error(`${dist} (ELECTRON_OVERRIDE_DIST_PATH) holds no Electron: it has no file "version".`);
  return readFileSync(file, 'utf8').trim().replace(/^v/, '');
}

function run(command: string, args: readonly string[], cwd: string): void {
  const isScript = process.platform === 'win32' && command === 'npx';
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: isScript });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
