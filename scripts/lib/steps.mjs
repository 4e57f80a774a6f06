import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runBin } from './programs.mjs';

const RESULTS = join(ROOT, '.cache', 'test-results');
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
 * Runs the specs of one app, such as `desktop`.
 *
 * @see https://playwright.dev/docs/test-reporters#json-reporter
 */
export async function runPlaywright(app, env) {
  const file = freshResult(`e2e-${app}.json`);
  const code = await runBin(
    'playwright',
    ['test', '-c', join('apps', app, 'e2e', 'playwright.config.ts'), '--reporter=list,json'],
    { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file } },
  );
  const stats = readResult(file)?.stats;
  const counts = stats && {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  };
  return { code, counts };
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
