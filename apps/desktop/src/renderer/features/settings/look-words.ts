import type { LanguageChoice } from '../../stores/preferences.ts';

export const THEME_KEYS = {
  system: 'settings.themeSystem',
  light: 'settings.themeLight',
  dark: 'settings.themeDark',
  contrast: 'settings.themeContrast',
} as const;

/** A language is named in itself, so that its speakers find it. */
export function nameLanguages(auto: string): Readonly<Record<LanguageChoice, string>> {
  return { auto, en: 'English', 'zh-CN': '简体中文' };
}
