import type { Conversation } from '@tradewind/shared/schemas/conversation';

/** Who may read what belongs to an account: its teams, or the whole desk when it names none (protocol: Visibility). */
export function toAccountScopes(teamIds: readonly string[]): string[] {
  return ['all', ...(teamIds.length === 0 ? ['desk'] : teamIds.map((id) => `team:${id}`))];
}

/** Who may read a conversation: its account's readers, whoever has it, and whoever is mentioned in it. */
export function toConversationScopes(
  teamIds: readonly string[],
  { assigneeId, mentionedIds = [] }: Pick<Conversation, 'assigneeId' | 'mentionedIds'>,
): string[] {
  const agents = [...(assigneeId === null ? [] : [assigneeId]), ...mentionedIds];
  return [...toAccountScopes(teamIds), ...new Set(agents.map((id) => `agent:${id}`))];
}
