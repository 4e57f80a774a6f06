import { buildConversation } from '@tradewind/shared/testing/builders';
import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { en } from '../i18n/en.ts';
import { zhCn } from '../i18n/zh-cn.ts';
import { findName, nameCustomer, titleConversation, toVisitorCode } from './customer-label.ts';

beforeAll(async () => {
  await i18next.init({ lng: 'en', resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } } });
});

const chat = buildConversation({
  channelKind: 'web-chat',
  subject: '',
  customerId: '019b8c1e-7a52-7d10-a1c4-9e02b7c13f2a',
  participants: ['019b8c1e-0000-7000-8000-0000000000ff'],
});
const mail = buildConversation({ subject: '', participants: ['mei@example.com'] });

test('a visitor without a name has a short label that stays, in both languages', () => {
  expect(toVisitorCode(chat.customerId)).toBe('3F2A');
  expect(nameCustomer(chat, '', i18next.getFixedT('en'))).toBe('Visitor · 3F2A');
  expect(nameCustomer(chat, '', i18next.getFixedT('zh-CN'))).toBe('访客 · 3F2A');
  expect(nameCustomer({ ...chat, id: 'another conversation' }, '', i18next.t)).toBe('Visitor · 3F2A');
});

test('visitors of the same minute have different labels', () => {
  const ids = ['019b8c1e-7a52-7d10-a1c4-9e02b7c13f2a', '019b8c1e-7a52-7d10-a1c4-9e02b7c1c0de'];
  expect(new Set(ids.map(toVisitorCode)).size).toBe(2);
});

test('a known name comes first; a mail address stands for a name, the id of a visitor never does', () => {
  expect(findName(chat, { name: 'Mei', emails: [] })).toBe('Mei');
  expect(findName(chat, { name: '', emails: ['mei@example.com'] })).toBe('mei@example.com');
  expect(findName(chat, null)).toBe('');
  expect(findName(mail, null)).toBe('mei@example.com');
  expect(nameCustomer(mail, '', i18next.t)).toBe('Unknown customer');
});

test('a chat is known by its visitor, a mail by its subject', () => {
  expect(titleConversation(chat, '', i18next.t)).toBe('Visitor · 3F2A');
  expect(titleConversation(chat, 'Mei', i18next.t)).toBe('Mei');
  expect(titleConversation(mail, 'Mei', i18next.t)).toBe('No subject');
});
