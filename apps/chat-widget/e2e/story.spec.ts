import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('the first message and its answer', async ({ stand, visitor, visit }) => {
  const account = await stand.createChat({ greeting: 'Welcome to the loom.' });
  await visit('plain', { account });
  await visitor.open();
  await expect(visitor.panel).toContainText('Welcome to the loom.');
  await visitor.say('Do you ship to Iceland?');
  await expect(visitor.message('Iceland')).toContainText('Sent');
  await stand.agent.reply(account, 'We do: https://shop.example/shipping.');
  await expect(visitor.message('We do')).toContainText('Mei Lin');
});
