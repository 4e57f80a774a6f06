import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

export const uiLanguages = ['en', 'zh-CN'] as const;
export type UiLanguage = (typeof uiLanguages)[number];

/** The language of the screens: what the agent chose, else the first of the system's languages we speak. */
export function resolveLanguage(choice: UiLanguage | 'auto', systemLanguages: readonly string[]): UiLanguage {
  if (choice !== 'auto') return choice;
  for (const language of systemLanguages) {
    if (/^zh\b/i.test(language)) return 'zh-CN';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'en';
}

function nameDocument(language: string): void {
  document.documentElement.lang = language;
  document.title = i18next.t('app.name');
}

export async function startI18n(language: UiLanguage): Promise<void> {
  // Before the screens hear of it: what they add to the title stands.
  i18next.on('languageChanged', nameDocument);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } },
    // React escapes; escaping twice would show entities.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export async function changeLanguage(language: UiLanguage): Promise<void> {
  if (i18next.language !== language) await i18next.changeLanguage(language);
}
