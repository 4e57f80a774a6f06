import { noticeSchema } from '@tradewind/shared/ipc/bridge';
import { buildAgent, buildConversation } from '@tradewind/shared/testing/builders';
import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import type { Directory } from '../desk/types.ts';
import { en } from '../i18n/en.ts';
import { zhCn } from '../i18n/zh-cn.ts';
import type { NoticePlan } from './decide.ts';
import type { DeskEvent } from './events.ts';
import { toNoticeText } from './words.ts';

beforeAll(async () => {
  await i18next.init({ lng: 'en', resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } } });
});

const maya = buildAgent({ id: 'agent-2', name: 'Maya' });
const directory: Directory = { byId: new Map([[maya.id, maya]]), agents: [maya], teams: [], channels: [], stores: [] };
const chat = buildConversation({ channelKind: 'web-chat', customerId: 'visitor-3f2a', preview: 'Are you there?' });
const base = { conversationId: chat.id, seq: 1 };

function say(plan: NoticePlan, language: 'en' | 'zh-CN' = 'en', customerName = 'Mei') {
  const row = { conversation: chat, customerName, trouble: null, pending: false };
  return toNoticeText(plan, { findRow: () => row, directory, t: i18next.getFixedT(language) });
}
const sayEvent = (event: DeskEvent, language?: 'en' | 'zh-CN', customerName?: string) => {
  const { title, body } = say({ kind: 'event', event }, language, customerName);
  return `${title} | ${body}`;
};
const message: DeskEvent = { ...base, kind: 'message', messageId: 'm1', preview: 'Hello?', files: 0 };

test('above stands who, below what', () => {
  expect(sayEvent(message)).toBe('Mei | Hello?');
  expect(sayEvent(message, 'zh-CN', '')).toBe('访客 · 3F2A | Hello?');
  expect(sayEvent({ ...message, preview: '', files: 2 })).toBe('Mei | Sent 2 files');
  expect(sayEvent({ ...base, kind: 'assigned' })).toBe('Mei | Assigned to you: Are you there?');
  const mention: DeskEvent = { ...base, kind: 'mention', messageId: 'n1', preview: '@Ana look', authorId: 'agent-2' };
  expect(sayEvent(mention)).toBe('Mei | Maya mentioned you: @Ana look');
  expect(sayEvent({ ...mention, authorId: null }, 'zh-CN')).toBe('Mei | 已离开的客服 提及了你：@Ana look');
  const failed: DeskEvent = { ...base, kind: 'failed', messageId: 'f1', preview: '已寄出', trouble: 'unknown' };
  expect(sayEvent(failed, 'zh-CN')).toBe('Mei | 不确定你的消息是否已发出：已寄出');
});

test('a summary says how much, in the plural it needs', () => {
  const summary = { kind: 'summary', conversationId: 'c', messages: 12, conversations: 5 } as const;
  expect(say(summary).body).toBe('12 new messages in 5 conversations');
  expect(say(summary, 'zh-CN').body).toBe('5 个会话中有 12 条新消息');
  expect(say({ ...summary, messages: 0, conversations: 2 }).body).toBe('News in 2 conversations');
});

test('a conversation has one notice at a time; each failed message has its own', () => {
  const failed: DeskEvent = { ...base, kind: 'failed', messageId: 'f1', preview: '', trouble: 'failed' };
  const ids = [message, { ...message, messageId: 'm2' }, failed, { ...failed, messageId: 'f2' }].map(
    (event) => say({ kind: 'event', event }).id,
  );
  expect(ids).toEqual(['conversation:conversation-1', 'conversation:conversation-1', 'failed:f1', 'failed:f2']);
});

test('the desktop app takes every notice as it is', () => {
  const { messageId, ...notice } = say({ kind: 'event', event: message });
  expect(noticeSchema.safeParse({ ...notice, actions: {}, silent: false }).success).toBe(true);
});
