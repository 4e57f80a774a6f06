import { useTranslation } from 'react-i18next';
import { MenuChoices } from '../../components/Menu.tsx';
import { languageChoices, themes, usePreferences } from '../../stores/preferences.ts';

const THEME_KEYS = {
  system: 'settings.themeSystem',
  light: 'settings.themeLight',
  dark: 'settings.themeDark',
  contrast: 'settings.themeContrast',
} as const;

/** Language and theme, as entries of a menu. A language is named in itself, so that its speakers find it. */
export function LookSettings() {
  const { t } = useTranslation();
  const { language, theme, setLanguage, setTheme } = usePreferences();
  const names = { auto: t('settings.languageAuto'), en: 'English', 'zh-CN': '简体中文' } as const;
  return (
    <>
      <MenuChoices
        label={t('settings.language')}
        value={language}
        options={languageChoices.map((value) => ({ value, label: names[value] }))}
        onChange={setLanguage}
      />
      <MenuChoices
        label={t('settings.theme')}
        value={theme}
        options={themes.map((value) => ({ value, label: t(THEME_KEYS[value]) }))}
        onChange={setTheme}
      />
    </>
  );
}
