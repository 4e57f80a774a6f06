import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

test('a password matches its own hash and no other one does', async () => {
  const stored = await hashPassword('correct horse');
  expect(await verifyPassword('correct horse', stored)).toBe('match');
  expect(await verifyPassword('correct horsf', stored)).toBe('wrong');
  expect(stored).not.toContain('correct');
});

test('equal passwords have different hashes', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

test('a hash made with older parameters matches and asks to be made anew', async () => {
  const salt = Buffer.from('0123456789abcdef');
  const key = scryptSync('old', salt, 32, { N: 1024, r: 8, p: 1 });
  const stored = `scrypt$n=1024,r=8,p=1$${salt.toString('base64url')}$${key.toString('base64url')}`;
  expect(await verifyPassword('old', stored)).toBe('outdated');
  expect(await verifyPassword('new', stored)).toBe('wrong');
});

test('an unknown agent never matches', async () => {
  expect(await verifyPassword('', null)).toBe('wrong');
});

test('the same password in another Unicode form matches', async () => {
  expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe('match');
});

test('a damaged hash is a fault, not a wrong password', async () => {
  await expect(verifyPassword('x', 'plain')).rejects.toThrow('damaged');
});
