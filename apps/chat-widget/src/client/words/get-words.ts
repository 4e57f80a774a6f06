import type { ChatLanguage } from '@tradewind/shared/chat/wire';
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zhCn } from './zh-cn.ts';

const all: Record<ChatLanguage, Words> = { en, 'zh-CN': zhCn };

export function getWords(language: ChatLanguage): Words {
  return all[language];
}

/** How the visitor writes dates and times, within the language of the chat: British and American English differ. */
export function pickLocale(language: ChatLanguage, browserLanguages: readonly string[]): string {
  return browserLanguages.find((tag) => language === 'en' && tag.startsWith('en')) ?? language;
}
