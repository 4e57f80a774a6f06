import { expect, test } from 'vitest';
import { asksAnything, checkAnswers } from './pre-chat.ts';

test('what is required is needed, what is optional may be left out, what is off is not looked at', () => {
  const nothing = { name: ' ', email: '' };
  expect(checkAnswers({ name: 'required', email: 'optional' }, nothing)).toEqual({ name: 'needed' });
  expect(checkAnswers({ name: 'off', email: 'required' }, nothing)).toEqual({ email: 'needed' });
  expect(checkAnswers({ name: 'off', email: 'off' }, { name: '', email: 'nonsense' })).toEqual({});
  expect(asksAnything({ name: 'off', email: 'off' })).toBe(false);
  expect(asksAnything({ name: 'off', email: 'optional' })).toBe(true);
});

test.each([
  ['li@mail.example', true],
  [' li.lei+shop@mail.co.uk ', true],
  ['li@mail', false],
  ['li mail@example.com', false],
  ['@mail.example', false],
])('%j as a mail address: %s', (email, good) => {
  const problems = checkAnswers({ name: 'off', email: 'optional' }, { name: '', email });
  expect(problems).toEqual(good ? {} : { email: 'malformed' });
});
