import type { ChatSettings } from '@tradewind/shared/chat/wire';
import { expect, test } from 'vitest';
import { SettingsWatch } from './settings-watch.ts';

function start() {
  const state = { open: true, connected: true };
  const told: boolean[] = [];
  const read = () => ({ accountId: 'a', open: state.open }) as ChatSettings;
  const watch = new SettingsWatch({
    connectedAccounts: () => (state.connected ? ['a'] : []),
    read,
    tell: (_accountId, { open }) => told.push(open),
  });
  return { state, told, watch, welcome: () => watch.note(read()) };
}

test('a change is told once, and nothing is told where nothing changed', () => {
  const { state, told, watch, welcome } = start();
  welcome();
  watch.look();
  state.open = false;
  watch.look();
  watch.look();
  welcome();
  watch.look();
  expect(told).toEqual([false]);
});

test('a change right after the first welcome is not missed', () => {
  const { state, told, watch, welcome } = start();
  welcome();
  state.open = false;
  watch.look();
  expect(told).toEqual([false]);
});

test('who was welcomed with what was true for a moment only is told, and so are those who missed that moment', () => {
  const { state, told, watch, welcome } = start();
  welcome();
  watch.look();
  state.open = false;
  welcome();
  state.open = true;
  watch.look();
  expect(told).toEqual([true]);
});

test('an account without widgets is forgotten', () => {
  const { state, told, watch, welcome } = start();
  welcome();
  state.connected = false;
  watch.look();
  Object.assign(state, { connected: true, open: false });
  welcome();
  watch.look();
  expect(told).toEqual([]);
});
