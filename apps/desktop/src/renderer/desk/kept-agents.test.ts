import { expect, test } from 'vitest';
import { KeptAgents, LONGEST_OFFLINE_MS } from './kept-agents.ts';
import { createVerifier, unlockOffline } from './offline-password.ts';

const ORIGIN = 'https://desk.example';
const mei = { id: 'mei', name: 'Mei', email: 'Mei@shop.example', role: 'agent' as const };
const sam = { id: 'sam', name: 'Sam', email: 'sam@shop.example', role: 'admin' as const };
const DAY = 86_400_000;

/** A device with a clock that the test moves. */
function start() {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
  const clock = { now: 1_800_000_000_000 };
  const open = (origin = ORIGIN) => new KeptAgents(storage, origin, () => clock.now);
  return { clock, items, open, kept: open() };
}

test('agents who share a device are listed, whoever was here last in front, each server by itself', () => {
  const { clock, kept, open, items } = start();
  kept.noteContact(mei);
  clock.now += 1_000;
  kept.noteContact(sam);
  expect(
    open()
      .list()
      .map(({ agent }) => agent.id),
  ).toEqual(['sam', 'mei']);
  expect(open('https://other.example').list()).toEqual([]);
  kept.forget('sam');
  kept.forget('mei');
  expect(items.size).toBe(0);
});

test('a device whose list is damaged begins anew', () => {
  const { kept, items } = start();
  kept.noteContact(mei);
  const [key = ''] = items.keys();
  items.set(key, '{"mei":{"agent":{"id":"mei"}},"sam":7');
  expect(kept.list()).toEqual([]);
  items.set(key, '{"mei":{"agent":{"id":"mei"}},"sam":7}');
  expect(kept.list()).toEqual([]);
});

test('silence is counted by the latest the clock has shown: setting it back gains nothing', () => {
  const { clock, kept } = start();
  kept.noteContact(mei);
  clock.now += 15 * DAY;
  kept.noteTime('mei');
  clock.now -= 14 * DAY;
  const found = kept.find('mei');
  expect(found && kept.silentFor(found)).toBe(15 * DAY);
  kept.noteContact(mei);
  const again = kept.find('mei');
  expect(again && kept.silentFor(again)).toBe(0);
});

test('the password of an agent lets him in without the server, and no other does', async () => {
  const { clock, kept, items } = start();
  const now = () => clock.now;
  kept.noteContact(mei);
  const asked = { email: ' mei@SHOP.example', password: 'correct horse 电池' };
  expect(await unlockOffline(kept, asked, now)).toEqual({ kind: 'unknown' });
  kept.noteVerifier('mei', await createVerifier(asked.password));
  expect(await unlockOffline(kept, asked, now)).toEqual({ kind: 'ok', agent: mei });
  expect(await unlockOffline(kept, { ...asked, password: 'correct horse' }, now)).toEqual({ kind: 'wrong' });
  expect(await unlockOffline(kept, { ...asked, email: 'sam@shop.example' }, now)).toEqual({ kind: 'unknown' });
  expect([...items.values()].join()).not.toContain('horse');
});

test('after 14 days of silence only the server lets anybody in', async () => {
  const { clock, kept } = start();
  kept.noteContact(mei);
  kept.noteVerifier('mei', await createVerifier('a long password'));
  clock.now += LONGEST_OFFLINE_MS + 1;
  const asked = { email: mei.email, password: 'a long password' };
  expect(await unlockOffline(kept, asked, () => clock.now)).toEqual({ kind: 'too-long' });
});

test('wrong passwords make one wait, longer each time, also after a restart', async () => {
  const { clock, open } = start();
  const now = () => clock.now;
  open().noteContact(mei);
  open().noteVerifier('mei', await createVerifier('a long password'));
  const guess = (password = 'no') => unlockOffline(open(), { email: mei.email, password }, now);
  for (let number = 0; number < 5; number++) expect((await guess()).kind).toBe('wrong');
  expect(await guess('a long password')).toEqual({ kind: 'limited', retryAfterMs: 30_000 });
  clock.now += 30_000;
  expect((await guess()).kind).toBe('wrong');
  expect(await guess()).toEqual({ kind: 'limited', retryAfterMs: 60_000 });
  clock.now += 60_000;
  expect((await guess('a long password')).kind).toBe('ok');
  expect((await guess()).kind).toBe('wrong');
  expect((await guess('a long password')).kind).toBe('ok');
});
