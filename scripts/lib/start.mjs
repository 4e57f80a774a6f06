import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setUp } from '../setup.mjs';
import { findNode, programEnvironment, ROOT, runMain } from './programs.mjs';

const LAUNCH = join(ROOT, 'apps', 'sync-server', 'src', 'launch', 'index.ts');

await runMain(async () => {
  await setUp();
  // The channel tells the product when this process is gone, however it ended.
  const child = spawn(findNode(), [LAUNCH, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: programEnvironment(),
    cwd: ROOT,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  endWithNpm(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
});

/** npm that is killed outright tells nobody; the process it started gets another parent. */
function endWithNpm(end) {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, 250);
  timer.unref();
}
