import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBin, programEnvironment, ROOT, run, runBin } from './programs.mjs';
import { describeTroubles, findPlaywrightTroubles } from './troubles.mjs';

const RESULTS = join(ROOT, '.cache', 'test-results');
const VITEST_REPORTER = join(ROOT, 'scripts', 'lib', 'vitest-reporter.mjs');
const MADE_UP_SCREEN = ['-a', '-s', '-screen 0 1920x1080x24'];
const NONE = { passed: 0, failed: 0, skipped: 0 };

/**
 * A step: its name, and what runs it. `counts` are of its tests, `troubles` those that failed or passed only the second time;
 * a step without tests has neither.
 */
export const lint = { name: 'Format and lint', run: async () => ({ code: await runBin('biome', ['check', '.']) }) };

export const types = {
  name: 'Types',
  run: async () => {
    const projects = ['apps', 'packages']
      .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name)))
      .concat('sim')
      .filter((folder) => existsSync(join(ROOT, folder, 'tsconfig.json')));
    const codes = await Promise.all(projects.map((project) => runBin('tsc', ['-p', project])));
    return { code: codes.find((code) => code !== 0) ?? 0 };
  },
};

export const unit = { name: 'Unit tests', run: () => runVitest('unit') };
// These mostly wait, for the database and for each other: one more at a time than Vitest would run on two cores.
export const postgres = { name: 'Tests on PostgreSQL', run: () => runVitest('pg', ['--maxWorkers=2']) };

async function runVitest(project, more = []) {
  const file = freshResult(`${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', `--reporter=${VITEST_REPORTER}`, ...more];
  const code = await runBin('vitest', args, { env: { TEST_RESULT_FILE: file } });
  return { code, ...readResult(file) };
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
  const report = readResult(file);
  if (report === null) return { code };
  const { expected, flaky, unexpected, skipped } = report.stats;
  const counts = { passed: expected + flaky, failed: unexpected, skipped };
  return { code, counts, troubles: findPlaywrightTroubles(report) };
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
 * Runs the steps one after the other, all of them, and says at the end which failed, and which of their tests: the end is
 * what is kept of a long log.
 *
 * @returns the sum of their tests; a step that failed without a failed test counts as one, so that no total looks clean.
 */
export async function runSteps(steps) {
  const total = { ...NONE };
  const verdicts = [];
  const allTroubles = [];
  for (const step of steps) {
    process.stdout.write(`\n── ${step.name} ──\n`);
    const startedAt = Date.now();
    const {
      code,
      counts = NONE,
      troubles = [],
    } = await step.run().catch((error) => {
      process.stderr.write(`${error.message}\n`);
      return { code: 1 };
    });
    const { passed, failed, skipped } = counts;
    total.passed += passed;
    total.failed += code !== 0 && failed === 0 ? 1 : failed;
    total.skipped += skipped;
    allTroubles.push(...troubles);
    verdicts.push(
      `${code === 0 ? 'ok    ' : 'FAILED'}  ${step.name} (${Math.round((Date.now() - startedAt) / 1000)} s)`,
    );
  }
  process.stdout.write(`\n${[verdicts.join('\n'), ...describeTroubles(allTroubles)].join('\n\n')}\n`);
  return total;
}
