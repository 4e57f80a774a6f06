import { stripVTControlCharacters } from 'node:util';

const MAX_LINES = 15;

/**
 * What a step has to tell at the end, where the tail of a log is all that is kept.
 *
 * @typedef {{ kind: 'failed' | 'retried', name: string, message: string }} Trouble
 */

/** @returns {Trouble[]} of a report of Playwright's: every failed spec, and those that passed only the second time. */
export function findPlaywrightTroubles(report) {
  const outside = (report.errors ?? []).map((error) => toTrouble('failed', ['outside of a test'], error.message));
  return [...outside, ...report.suites.flatMap((suite) => findInSuite(suite, []))];
}

const KINDS = { unexpected: 'failed', flaky: 'retried' };

function findInSuite(suite, outer) {
  const titles = [...outer, suite.title];
  const specs = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status in KINDS)
      .map(({ status, results }) => {
        const [error] = results.flatMap(({ errors }) => errors);
        return toTrouble(KINDS[status], [...titles, title], error?.message);
      }),
  );
  return [...specs, ...(suite.suites ?? []).flatMap((inner) => findInSuite(inner, titles))];
}

/**
 * @param titles - file, groups and name of the test.
 * @returns {Trouble}
 */
export function toTrouble(kind, titles, message = 'no error was reported') {
  return { kind, name: titles.join(' > '), message: stripVTControlCharacters(message).trim() };
}

/** @returns one block of lines per trouble: which test, and the first lines of what it says. */
export function describeTroubles(troubles) {
  return troubles.map(({ kind, name, message }) => {
    const lines = message.split('\n');
    const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines;
    return [`${kind.toUpperCase().padEnd(7)} ${name}`, ...shown.map((line) => `        ${line}`)].join('\n');
  });
}
