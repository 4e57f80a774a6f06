import { expect, test } from 'vitest';
import { buildAccount } from '../../desk/testing/build-account.ts';
import type { GuideMarks } from '../../stores/guide.ts';
import { type DeskFacts, findFollowing, findNextStep, findStepState } from './progress.ts';

const account = buildAccount();
const fresh: DeskFacts = {
  signedIn: false,
  named: false,
  mailbox: null,
  shop: null,
  chat: null,
  colleagues: 0,
  conversations: 0,
};
const marks: GuideMarks = { skipped: [], deskSaved: false, started: true, closed: false };

test('a new desk begins with its admin, then its name', () => {
  expect(findNextStep(fresh, marks)).toBe('admin');
  expect(findNextStep({ ...fresh, signedIn: true }, marks)).toBe('desk');
  expect(findNextStep({ ...fresh, signedIn: true }, { ...marks, deskSaved: true })).toBe('mailbox');
  expect(findNextStep({ ...fresh, signedIn: true, named: true }, marks)).toBe('mailbox');
});

test('a connected mailbox waits for its first event, and is done with it', () => {
  expect(findStepState('mailbox', { ...fresh, mailbox: account }, marks)).toBe('waiting');
  expect(findStepState('mailbox', { ...fresh, mailbox: { ...account, lastEventAt: 1 } }, marks)).toBe('done');
});

test('what was put off is passed over, and is no longer put off once it is done', () => {
  const skipped: GuideMarks = { ...marks, deskSaved: true, skipped: ['mailbox', 'shop'] };
  expect(findNextStep({ ...fresh, signedIn: true }, skipped)).toBe('chat');
  expect(findStepState('shop', fresh, skipped)).toBe('skipped');
  expect(findStepState('shop', { ...fresh, shop: account }, skipped)).toBe('waiting');
});

test('going on leads to what is not done, also when it was put off before', () => {
  const facts = { ...fresh, signedIn: true, shop: { ...account, lastEventAt: 1 } };
  expect(findFollowing('mailbox', facts, { ...marks, skipped: ['chat'] })).toBe('chat');
  expect(findFollowing('try', facts, marks)).toBeNull();
});
