import { expect, test } from 'vitest';
import { createStore, narrowStore, readJson } from './store.ts';

/** As browsers have it: keys are properties, and room ends somewhere. */
class FakeStorage {
  [key: string]: unknown;

  static create(room = Number.POSITIVE_INFINITY): Storage {
    const storage = new FakeStorage();
    const methods = {
      getItem: (key: string) => (Object.hasOwn(storage, key) ? storage[key] : null),
      setItem: (key: string, value: string) => {
        if (value.length > room) throw new DOMException('full', 'QuotaExceededError');
        storage[key] = value;
      },
      removeItem: (key: string) => delete storage[key],
    };
    for (const [name, value] of Object.entries(methods)) Object.defineProperty(storage, name, { value });
    return storage as unknown as Storage;
  }
}

const quiet = () => undefined;

test('two chats on one site do not meet', () => {
  const storage = FakeStorage.create();
  const [one, two] = ['one/', 'two/'].map((prefix) => createStore(prefix, { open: () => storage, onChange: quiet }));
  one?.set('token', 'a');
  expect(two?.get('token')).toBeNull();
  expect(one?.keys('')).toEqual(['token']);
  expect(one?.durable).toBe(true);
  expect(Object.keys(storage)).toEqual(['one/token']);
});

test.each([
  [
    'throws',
    () => {
      throw new DOMException('blocked', 'SecurityError');
    },
  ],
  ['is not there', () => null],
])('where storage %s, things live as long as the page, and it is known', (_, open) => {
  const store = createStore('chat/', { open, onChange: quiet });
  store.set('a', '1');
  store.set('b', '2');
  store.remove('a');
  expect([store.get('a'), store.get('b'), store.keys('')]).toEqual([null, '2', ['b']]);
  expect(store.durable).toBe(false);
});

test('what does not fit is kept in memory, in place of what is stored under the same key', () => {
  const store = createStore('chat/', { open: () => FakeStorage.create(5), onChange: quiet });
  store.set('draft', 'short');
  store.set('draft', 'too long for it');
  expect(store.get('draft')).toBe('too long for it');
  expect(store.keys('dr')).toEqual(['draft']);
  expect(store.durable).toBe(false);
});

test('changes of other tabs are told by key, those of the page’s own things are not', () => {
  const storage = FakeStorage.create();
  const heard: string[] = [];
  let tell: (event: Pick<StorageEvent, 'key' | 'storageArea'>) => void = quiet;
  const store = createStore('chat/', {
    open: () => storage,
    onChange: (listener) => {
      tell = listener;
    },
  });
  narrowStore(store, 'user:1/').subscribe((key) => heard.push(key));
  for (const key of ['chat/user:1/draft', 'chat/token', 'basket', null]) tell({ key, storageArea: storage });
  tell({ key: 'chat/user:1/read', storageArea: FakeStorage.create() });
  expect(heard).toEqual(['draft']);
});

test('what cannot be read is as good as nothing', () => {
  const store = createStore('', { open: FakeStorage.create, onChange: quiet });
  store.set('settings', '{"half');
  expect(readJson(store, 'settings')).toBeNull();
});
