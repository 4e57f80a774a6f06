import { PanelLeftClose } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import { useQueueCounts } from '../../desk/hooks.ts';
import { type QueueId, queueIds } from '../../desk/types.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './QueueColumn.module.css';
import { queueIcons } from './queues.ts';

/** A line above `pending` and above `resolved` parts mine, the day's work, and the rest. */
const FIRST_OF_GROUP: readonly QueueId[] = ['pending', 'resolved'];

export function QueueColumn() {
  const { t } = useTranslation();
  const locale = useLocale();
  const counts = useQueueCounts();
  const queue = useUi((state) => state.queue);
  const showQueue = useUi((state) => state.showQueue);
  const toggleQueues = usePreferences((state) => state.toggleQueues);
  return (
    <nav className={styles.column} aria-label={t('nav.queues')}>
      <div className={styles.head}>
        <span className={styles.name}>{t('app.name')}</span>
        <IconButton label={t('nav.hideQueues')} onClick={toggleQueues}>
          <PanelLeftClose size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
      <ul>
        {queueIds.map((id) => {
          const Icon = queueIcons[id];
          const count = counts?.[id];
          return (
            <li key={id} data-first={FIRST_OF_GROUP.includes(id) || undefined}>
              <button
                type="button"
                className={styles.queue}
                aria-current={id === queue ? 'true' : undefined}
                onClick={() => showQueue(id)}
              >
                <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
                <span className="ellipsis">{t(`queue.${id}`)}</span>
                <span className={styles.count} data-testid={`count-${id}`}>
                  {count ? formatNumber(count, locale) : ''}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
