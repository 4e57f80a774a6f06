import type { AgentEntry } from '../../desk/types.ts';

/** The command takes no more. */
const MOST = 50;

const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_]/u.test(character);
const HAN = /\p{Script=Han}/u;

/**
 * The colleagues a note names as `@Name`: their whole name, in any case, not as the beginning of a longer word. Chinese
 * puts no blank behind a name, so there the name alone decides.
 */
export function findMentions(text: string, agents: readonly AgentEntry[]): string[] {
  const lower = text.toLowerCase();
  // Longer names first: "@Ana Lopez" is not also Ana.
  const byLength = agents.filter((agent) => !agent.disabled).toSorted((a, b) => b.name.length - a.name.length);
  const taken = new Set<number>();
  const ids: string[] = [];
  for (const { id, name } of byLength) {
    const mention = `@${name.trim().toLowerCase()}`;
    if (mention === '@') continue;
    for (let at = lower.indexOf(mention); at >= 0; at = lower.indexOf(mention, at + 1)) {
      const next = lower[at + mention.length];
      // "mei@Ana" is the beginning of an address, "@Anabel" is somebody else.
      if (taken.has(at) || (isWord(lower[at - 1]) && !HAN.test(lower[at - 1] ?? ''))) continue;
      if (isWord(next) && !HAN.test(name.at(-1) ?? '') && !HAN.test(next ?? '')) continue;
      taken.add(at);
      if (!ids.includes(id)) ids.push(id);
    }
  }
  return ids.slice(0, MOST);
}
