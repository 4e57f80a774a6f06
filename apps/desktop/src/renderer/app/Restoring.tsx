import { useTranslation } from 'react-i18next';
import { useDelayed } from '../components/use-delayed.ts';
import styles from './App.module.css';

/** Nothing at all for a moment, then what is being done. */
export function Restoring() {
  const { t } = useTranslation();
  const due = useDelayed(true);
  return (
    <main className={styles.restoring} role="status">
      {due && t('app.starting')}
    </main>
  );
}
