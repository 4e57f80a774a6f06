import type { Page } from '@playwright/test';

/** The made-up desk has colleagues look at a conversation or write in it. */
export function colleaguesDo(
  page: Page,
  conversationId: string,
  colleagues: { agentId: string; state: string }[],
): Promise<void> {
  return page.evaluate(
    ([id, all]) => (window as unknown as { colleaguesDo(id: unknown, all: unknown): void }).colleaguesDo(id, all),
    [conversationId, colleagues] as const,
  );
}
