import { expect, test } from 'vitest';
import type { Conversation } from '../schemas/conversation.ts';
import { applyInput, COMMAND_ID, conversationOf } from '../testing/apply-command.ts';
import { buildConversation } from '../testing/builders.ts';
import { createRandom } from '../testing/random.ts';
import { tagSchema } from './tag.ts';

interface Tagging {
  add?: string[];
  remove?: string[];
}
function tag(conversation: Conversation, { add = [], remove = [] }: Tagging): Conversation {
  return conversationOf(applyInput({ type: 'tag', conversationId: 'conversation-1', add, remove }, { conversation }));
}
const withTags = (tags: string[]) => buildConversation({ tags });

test.each([
  [[], { add: ['vip'] }, ['vip']],
  [['vip'], { add: ['vip'] }, ['vip']],
  [['vip'], { remove: ['vip'] }, []],
  [[], { remove: ['vip'] }, []],
  [['a', 'b'], { add: ['c'], remove: ['a'] }, ['b', 'c']],
  [[], { add: ['vip'], remove: ['vip'] }, []],
  [['b'], { add: ['a', 'a'] }, ['b', 'a']],
  [[], { add: [' vip '] }, ['vip']],
] satisfies [string[], Tagging, string[]][])('%j with %j becomes %j', (before, change, after) => {
  expect(tag(withTags(before), change).tags).toEqual(after);
});

test('two agents at once: whoever comes first, both get what they meant', () => {
  const random = createRandom(11);
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (let round = 0; round < 300; round++) {
    const before = withTags(names.filter(() => random() < 0.5));
    // Each name is touched by one of the two at most: about others they cannot both get their way.
    const [mine, theirs] = [
      { add: [] as string[], remove: [] as string[] },
      { add: [] as string[], remove: [] as string[] },
    ];
    for (const name of names) {
      const agent = random() < 0.5 ? mine : theirs;
      (random() < 0.5 ? agent.add : agent.remove).push(name);
    }
    const mineFirst = tag(tag(before, mine), theirs).tags;
    const theirsFirst = tag(tag(before, theirs), mine).tags;
    expect(mineFirst.toSorted()).toEqual(theirsFirst.toSorted());
    expect(mineFirst.toSorted()).toEqual([...mine.add, ...theirs.add].sort());
  }
});

test('said twice is said once', () => {
  const change = { add: ['a', 'b'], remove: ['c'] };
  const once = tag(withTags(['c', 'd']), change);
  expect(tag(once, change)).toEqual(once);
});

test.each([[''], [' '], ['x'.repeat(61)], [7]])('%j is not a tag', (name) => {
  const command = { id: COMMAND_ID, type: 'tag', conversationId: 'c', add: [name] };
  expect(tagSchema.safeParse(command).success).toBe(false);
});
