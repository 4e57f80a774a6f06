import type { ChatLanguage } from '@tradewind/shared/chat/wire';
import type { WidgetConfig } from '../common/contract.ts';

/** Chinese of any kind is served in simplified Chinese; null for a language the widget does not speak. */
function toLanguage(tag: string | null | undefined): ChatLanguage | null {
  if (/^zh\b/i.test(tag ?? '')) return 'zh-CN';
  return /^en\b/i.test(tag ?? '') ? 'en' : null;
}

/** The first of the wishes that the widget speaks: the tag's, the page's, the browser's. */
export function pickLanguage(wishes: readonly (string | null | undefined)[]): ChatLanguage {
  return wishes.map(toLanguage).find((language) => language !== null) ?? 'en';
}

/**
 * @param script - the tag that loads `widget.js`.
 * @throws Error that names the missing attribute.
 */
export function readConfig(script: HTMLScriptElement, pageLanguages: readonly string[]): WidgetConfig {
  const accountId = script.dataset.account;
  if (!accountId) throw new Error('the script tag needs data-account, the id of the chat account');
  return {
    server: new URL(script.src).origin,
    accountId,
    language: pickLanguage([script.dataset.language, ...pageLanguages]),
    nonce: script.nonce,
  };
}
