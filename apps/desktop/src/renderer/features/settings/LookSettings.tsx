import { useTranslation } from 'react-i18next';
import { MenuChoices } from '../../components/Menu.tsx';
import { languageChoices, themes, usePreferences } from '../../stores/preferences.ts';
import { nameLanguages, THEME_KEYS } from './look-words.ts';

/** Language and theme, as entries of a menu. */
export function LookSettings() {
  const { t } = useTranslation();
  const { language, theme, setLanguage, setTheme } = usePreferences();
  const names = nameLanguages(t('settings.languageAuto'));
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
