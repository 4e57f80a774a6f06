import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('drafts stay with their conversation, however fast one switches, and are gone on with at their end', async ({
  desk,
  page,
  stand,
}) => {
  const subjects = ['Draft one', 'Draft two', 'Draft three'];
  for (const [index, subject] of subjects.entries()) {
    await stand.lab.mail({ from: `draft${index}@mail.example`, subject, text: 'Hello?' });
  }
  await desk.showQueue('All');
  for (const subject of subjects) await expect(desk.row(subject)).toBeVisible();
  for (const round of [1, 2, 3]) {
    for (const subject of subjects) {
      await desk.row(subject).click();
      await page.keyboard.press('r');
      await page.keyboard.type(`${subject} ${round}. `);
    }
  }
  for (const subject of subjects) {
    await desk.row(subject).click();
    await expect(desk.field).toHaveValue([1, 2, 3].map((round) => `${subject} ${round}. `).join(''));
  }
});

test('Enter that belongs to the input method sends nothing', async ({ desk, page, stand }) => {
  await stand.lab.mail({ from: 'ime@mail.example', subject: 'Input method', text: '你好' });
  await desk.open('Input method');
  await page.keyboard.press('r');
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  const enter = { code: 'Enter', key: 'Enter', windowsVirtualKeyCode: 13, modifiers: 2 };
  await protocol.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
  await protocol.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await protocol.send('Input.insertText', { text: '你好，已发货。' });
  await expect(desk.field).toHaveValue('你好，已发货。');
  await expect(page.getByTestId('message')).toHaveCount(1);
  await page.keyboard.press('Control+Enter');
  await expect(desk.message('你好，已发货。')).toBeVisible();
  await expect(page.getByTestId('message')).toHaveCount(2);
});
