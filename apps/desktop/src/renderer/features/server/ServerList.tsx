import type { KnownServer } from '@tradewind/shared/ipc/bridge';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import styles from './ServerList.module.css';

interface ServerListProps {
  servers: readonly KnownServer[];
  current: string | null;
  onChoose: (origin: string) => void;
  onForget: (origin: string) => void;
}

/** Desks this device has worked with: one press to go back to one. */
export function ServerList({ servers, current, onChoose, onForget }: ServerListProps) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('setup.server.known')}>
      <h2 className={styles.heading}>{t('setup.server.known')}</h2>
      <ul className={styles.list}>
        {servers.map(({ origin, name }) => (
          <li key={origin} className={styles.item}>
            <button
              type="button"
              className={styles.choose}
              aria-current={origin === current || undefined}
              onClick={() => onChoose(origin)}
            >
              <span className="ellipsis">{name || new URL(origin).host}</span>
              <span className={styles.origin}>{origin}</span>
            </button>
            <IconButton
              label={t('setup.server.forget', { name: name || new URL(origin).host })}
              onClick={() => onForget(origin)}
            >
              <Trash2 size={16} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
