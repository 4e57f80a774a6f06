import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBin, programEnvironment, ROOT, run, runBin } from './programs.mjs';

const RESULTS = join(ROOT, '.cache', 'test-results');
const MADE_UP_SCREEN = ['-a', '-s', '-screen 0 1920x1080x24'];
const NONE = { passed: 0, failed: 0, skipped: 0 };

/** A step: its name, and what runs it. `counts` are of its tests; a step without tests has none. */
export const lint = { name: 'Format and lint', run: async () => ({ code: await runBin('biome', ['check', '.']) }) };

export const types = {
  name: 'Types',
  run: async () => {
    const projects = ['apps', 'packages']
      .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name)))
      .filter((folder) => existsSync(join(ROOT, folder, 'tsconfig.json')));
    const codes = await Promise.all(projects.map((project) => runBin('tsc', ['-p', project])));
    return { code: codes.find((code) => code !== 0) ?? 0 };
  },
};

export const unit = { name: 'Unit tests', run: () => runVitest('unit') };
export const postgres = { name: 'Tests on PostgreSQL', run: () => runVitest('pg') };

async function runVitest(project) {
  const file = freshResult(`${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runBin('vitest', ['run', '--project', project, ...reporters]);
  const result = readResult(file);
  return {
    code,
    counts: result && {
      passed: result.numPassedTests,
      failed: result.numFailedTests,
      skipped: result.numPendingTests + result.numTodoTests,
    },
  };
}

/**
 * Runs the specs of a folder, such as `apps/desktop/e2e`.
 *
 * @param screen - run them on a made-up display where there is none.
 * @see https://playwright.dev/docs/test-reporters#json-reporter
 */
export async function runPlaywright(folder, env, { screen = false } = {}) {
  const file = freshResult(`${folder.replaceAll(/\W+/g, '-')}.json`);
  const args = ['test', '-c', join(folder, 'playwright.config.ts'), '--reporter=list,json'];
  const options = { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file } };
  const code =
    screen && needsScreen()
      ? await run('xvfb-run', [...MADE_UP_SCREEN, findBin('playwright'), ...args], {
          env: programEnvironment(options.env),
        })
      : await runBin('playwright', args, options);
  const stats = readResult(file)?.stats;
  const counts = stats && {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  };
  return { code, counts };
}

/** Without a display and without xvfb-run the specs skip themselves and say so. */
function needsScreen() {
  const { DISPLAY, WAYLAND_DISPLAY, PATH = '' } = process.env;
  if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return false;
  return PATH.split(delimiter).some((folder) => existsSync(join(folder, 'xvfb-run')));
}

function freshResult(name) {
  mkdirSync(RESULTS, { recursive: true });
  rmSync(join(RESULTS, name), { force: true });
  return join(RESULTS, name);
}

function readResult(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/**
 * Runs the steps one after the other, all of them, and says at the end which failed.
 *
 * @returns the sum of their tests; a step that failed without a failed test counts as one, so that no total looks clean.
 */
export async function runSteps(steps) {
  const total = { ...NONE };
  const verdicts = [];
  for (const step of steps) {
    process.stdout.write(`\n── ${step.name} ──\n`);
    const startedAt = Date.now();
    const { code, counts = NONE } = await step.run().catch((error) => {
      process.stderr.write(`${error.message}\n`);
      return { code: 1 };
    });
    const { passed, failed, skipped } = counts ?? NONE;
    total.passed += passed;
    total.failed += code !== 0 && failed === 0 ? 1 : failed;
    total.skipped += skipped;
    verdicts.push(
      `${code === 0 ? 'ok    ' : 'FAILED'}  ${step.name} (${Math.round((Date.now() - startedAt) / 1000)} s)`,
    );
  }
  process.stdout.write(`\n${verdicts.join('\n')}\n`);
  return total;
}
