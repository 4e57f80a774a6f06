import type { ChatProblem, ChatSettings } from '@tradewind/shared/chat/wire';
import { KEYS, type WidgetConfig } from '../common/contract.ts';
import { readJson, type Store } from '../common/store.ts';

/** The desk answered, and it was a refusal: asking again on this page gives the same. */
export class RefusedError extends Error {}

/**
 * @throws RefusedError with the desk's reason.
 * @throws TypeError where the desk cannot be reached, or the browser hides a refusal for another origin.
 */
export async function fetchSettings(config: WidgetConfig): Promise<ChatSettings> {
  const response = await fetch(`${config.server}/chat/accounts/${encodeURIComponent(config.accountId)}`, {
    credentials: 'omit',
  });
  if (response.ok) return response.json();
  if (response.status >= 500 || response.status === 429) throw new TypeError(`the desk answered ${response.status}`);
  const problem: Partial<ChatProblem['problem']> & { detail?: string } = await response.json().catch(() => ({}));
  throw new RefusedError(problem.detail ?? problem.title ?? `the desk answered ${response.status}`);
}

/** Asks until there is an answer: soon at first, later once a minute and whenever the network is back. */
export async function waitForSettings(config: WidgetConfig): Promise<ChatSettings> {
  for (let delayMs = 2_000; ; delayMs = Math.min(delayMs * 2, 60_000)) {
    try {
      return await fetchSettings(config);
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      await new Promise<void>((resolve) => {
        setTimeout(resolve, delayMs);
        window.addEventListener('online', () => resolve(), { once: true });
      });
    }
  }
}

export function readSettings(store: Store): ChatSettings | null {
  return readJson<ChatSettings>(store, KEYS.settings);
}

export function keepSettings(store: Store, settings: ChatSettings): void {
  store.set(KEYS.settings, JSON.stringify(settings));
}
