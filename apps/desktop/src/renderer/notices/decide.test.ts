import { expect, test } from 'vitest';
import { decideNotices, type NoticeContext, SILENCE_MS } from './decide.ts';
import type { DeskEvent } from './events.ts';

const ME = 'agent-1';
const assignees: Record<string, string | null> = { mine: ME, free: null, theirs: 'agent-2' };

function decide(events: DeskEvent[], fields: Partial<NoticeContext> = {}): string[] {
  const plans = decideNotices(events, {
    agentId: ME,
    judgedSeq: 10,
    silentMs: 0,
    focused: false,
    takenByOneself: new Set(),
    findConversation: (id) => {
      const assigneeId = id in assignees ? assignees[id] : null;
      return id === 'invisible' ? undefined : { assigneeId: assigneeId ?? null };
    },
    ...fields,
  });
  return plans.map((plan) =>
    plan.kind === 'event'
      ? `${plan.event.kind} ${plan.event.conversationId} ${plan.event.seq}`
      : `${plan.messages} in ${plan.conversations}, ${plan.conversationId}`,
  );
}

const message = (conversationId: string, seq = 11): DeskEvent => ({
  kind: 'message',
  conversationId,
  seq,
  messageId: `m${seq}`,
  preview: 'Hello?',
  files: 0,
});
const assigned = (conversationId: string, seq = 12): DeskEvent => ({ kind: 'assigned', conversationId, seq });
const mention = (conversationId: string, seq = 13): DeskEvent => ({
  kind: 'mention',
  conversationId,
  seq,
  messageId: `n${seq}`,
  preview: '@Ana look',
  authorId: 'agent-2',
});
const failed = (conversationId: string, seq = 14): DeskEvent => ({
  kind: 'failed',
  conversationId,
  seq,
  messageId: `f${seq}`,
  preview: 'It left today',
  trouble: 'failed',
});
const many = (count: number, from = 11) => Array.from({ length: count }, (_, at) => message(`c${at}`, from + at));

test('a message is told where it is mine to answer or nobody’s, and nowhere else', () => {
  expect(decide([message('mine')])).toEqual(['message mine 11']);
  expect(decide([message('free')])).toEqual(['message free 11']);
  expect(decide([message('theirs')])).toEqual([]);
  expect(decide([message('invisible')])).toEqual([]);
});

test('an assignment is told when somebody else made it and it still holds', () => {
  expect(decide([assigned('mine')])).toEqual(['assigned mine 12']);
  expect(decide([assigned('mine')], { takenByOneself: new Set(['mine']) })).toEqual([]);
  expect(decide([assigned('theirs')])).toEqual([]);
});

test('a mention is told wherever it stands; a failed message always', () => {
  expect(decide([mention('theirs'), failed('theirs')])).toEqual(['failed theirs 14', 'mention theirs 13']);
});

test('nothing is told while somebody works in a window, nor what a first filling brings', () => {
  const everything = [message('mine'), assigned('mine'), mention('mine'), failed('mine')];
  expect(decide(everything, { focused: true })).toEqual([]);
  expect(decide(everything, { judgedSeq: null })).toEqual([]);
});

test('what was judged before, by this window or another one, is not told again', () => {
  expect(decide([message('mine', 10), message('free', 9), message('c', 11)])).toEqual(['message c 11']);
});

test('a conversation speaks once: the weightiest word, the newest of equals', () => {
  expect(decide([message('mine', 11), message('mine', 15)])).toEqual(['message mine 15']);
  expect(decide([assigned('mine', 12), message('mine', 15)])).toEqual(['assigned mine 12']);
  expect(decide([message('mine', 11), mention('mine', 13), assigned('mine', 12)])).toEqual(['mention mine 13']);
});

test('after a sleep one notice says how much there is; a single conversation speaks for itself', () => {
  const slept = { silentMs: SILENCE_MS + 1 };
  expect(decide([...many(4), message('c0', 30)], slept)).toEqual(['5 in 4, c0']);
  expect(decide([message('mine', 11), message('mine', 12)], slept)).toEqual(['message mine 12']);
  expect(decide([assigned('mine'), mention('free')], slept)).toEqual(['0 in 2, free']);
  expect(decide([...many(2), failed('mine')], slept)).toEqual(['failed mine 14', '2 in 2, c1']);
});

test('after a short break each conversation speaks, up to a flood', () => {
  const short = { silentMs: SILENCE_MS };
  expect(decide(many(5), short)).toHaveLength(5);
  expect(decide(many(6), short)).toEqual(['6 in 6, c5']);
});
