import { expect, test } from 'vitest';
import { type LockSource, leadWhenAlone } from './leader.ts';

/** Web Locks as tabs of one browser share them: one holder per name, the others wait in line. */
class FakeLocks {
  #tail: Promise<unknown> = Promise.resolve();

  readonly source = {
    request: (_name: string, { signal }: LockOptions, work: () => Promise<void>) => {
      const turn = this.#tail.then(() => {
        if (signal?.aborted) throw signal.reason;
        return work();
      });
      this.#tail = turn.catch(() => undefined);
      return turn;
    },
  } as unknown as LockSource;
}

function openTab(locks: FakeLocks, name: string, leading: string[]) {
  return leadWhenAlone(locks.source, 'desk', async () => {
    leading.push(name);
    return async () => void leading.splice(leading.indexOf(name), 1);
  });
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('of two tabs one leads, and the other takes over when it closes', async () => {
  const locks = new FakeLocks();
  const leading: string[] = [];
  const first = openTab(locks, 'first', leading);
  const second = openTab(locks, 'second', leading);
  await settled();
  expect(leading).toEqual(['first']);
  await first.close();
  await settled();
  expect(leading).toEqual(['second']);
  await second.close();
  expect(leading).toEqual([]);
});

test('a tab that closes while it waits for its turn never leads', async () => {
  const locks = new FakeLocks();
  const leading: string[] = [];
  const first = openTab(locks, 'first', leading);
  const second = openTab(locks, 'second', leading);
  const closing = second.close();
  await first.close();
  await closing;
  expect(leading).toEqual([]);
});

test('without locks a single instance leads', async () => {
  const leading: string[] = [];
  const only = leadWhenAlone(null, 'desk', async () => {
    leading.push('only');
    return async () => undefined;
  });
  await settled();
  expect(leading).toEqual(['only']);
  await only.close();
});
