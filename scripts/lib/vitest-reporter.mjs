import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from './programs.mjs';
import { toTrouble } from './troubles.mjs';

/** Writes the counts and the troubles of a run to `TEST_RESULT_FILE`; Vitest's own JSON does not tell what was retried. */
export default class ResultReporter {
  onTestRunEnd(modules, errors) {
    writeFileSync(process.env.TEST_RESULT_FILE, JSON.stringify(toResult(modules, errors)));
  }
}

function toResult(modules, errors) {
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  return {
    counts: { passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
    troubles: [
      ...tests.filter(isTroubled).map((test) => {
        const { state, errors: ofTest } = test.result();
        return toTrouble(state === 'failed' ? 'failed' : 'retried', nameOf(test), describe(ofTest?.[0]));
      }),
      // What goes wrong beside the tests: imports, set-up, tear-down, what nobody awaited.
      ...suites.flatMap((suite) => suite.errors().map((error) => toTrouble('failed', nameOf(suite), describe(error)))),
      ...errors.map((error) => toTrouble('failed', ['outside of a test'], describe(error))),
    ],
  };
}

function isTroubled(test) {
  return test.result().state === 'failed' || (test.diagnostic()?.retryCount ?? 0) > 0;
}

function nameOf(task) {
  return task.type === 'module' ? [task.relativeModuleId] : [task.module.relativeModuleId, task.fullName];
}

function describe(error) {
  if (!error) return undefined;
  const [frame] = error.stacks ?? [];
  const place = frame && `at ${relative(ROOT, frame.file)}:${frame.line}`;
  return [error.message, place, error.diff].filter(Boolean).join('\n');
}
