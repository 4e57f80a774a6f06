import { MAX_CHAT_FILE_BYTES, MAX_CHAT_FILES, MAX_CHAT_TEXT } from '@tradewind/shared/chat/wire';
import { expect, test } from 'vitest';
import { MAX_FILE_BYTES, MAX_FILES, MAX_TEXT } from './limits.ts';

test('the widget’s limits are the desk’s', () => {
  expect([MAX_TEXT, MAX_FILES, MAX_FILE_BYTES]).toEqual([MAX_CHAT_TEXT, MAX_CHAT_FILES, MAX_CHAT_FILE_BYTES]);
});
