import { Languages } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Menu } from '../../components/Menu.tsx';
import { LookSettings } from './LookSettings.tsx';

/** Language and theme for whoever is not logged in yet. */
export function LookButton() {
  const { t } = useTranslation();
  return (
    <Menu
      trigger={
        <Button look="quiet" icon={<Languages size={16} aria-hidden="true" />}>
          {t('settings.language')} · {t('settings.theme')}
        </Button>
      }
    >
      <LookSettings />
    </Menu>
  );
}
