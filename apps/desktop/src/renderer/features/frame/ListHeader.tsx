import { ChevronDown, PanelLeftOpen, SquarePen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import { Menu, MenuChoices } from '../../components/Menu.tsx';
import { useQueueCounts } from '../../desk/hooks.ts';
import { queueIds } from '../../desk/types.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { usePreferences } from '../../stores/preferences.ts';
import { useUi } from '../../stores/ui.ts';
import styles from './ListHeader.module.css';
import { queueIcons } from './queues.ts';

interface ListHeaderProps {
  /** The queue column is not in sight: the title becomes the way to change the queue. */
  queuesHidden: boolean;
  /** The window is wide enough to bring the column back. */
  canShowQueues: boolean;
}

function QueueMenu() {
  const { t } = useTranslation();
  const locale = useLocale();
  const counts = useQueueCounts();
  const queue = useUi((state) => state.queue);
  const showQueue = useUi((state) => state.showQueue);
  return (
    <Menu
      trigger={
        <button type="button" className={styles.picker}>
          <span className="hidden-visually">{t('common.prefix', { label: t('nav.queues') })}</span>
          <span className={styles.title}>{t(`queue.${queue}`)}</span>
          <ChevronDown size={14} aria-hidden="true" />
        </button>
      }
    >
      <MenuChoices
        label={t('nav.queues')}
        value={queue}
        options={queueIds.map((value) => {
          const Icon = queueIcons[value];
          const count = counts?.[value];
          return {
            value,
            label: t(`queue.${value}`),
            icon: <Icon size={16} strokeWidth={1.75} aria-hidden="true" />,
            hint: count ? formatNumber(count, locale) : undefined,
          };
        })}
        onChange={showQueue}
      />
    </Menu>
  );
}

export function ListHeader({ queuesHidden, canShowQueues }: ListHeaderProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const queue = useUi((state) => state.queue);
  const count = useQueueCounts()?.[queue];
  const startConversation = useUi((state) => state.startConversation);
  const toggleQueues = usePreferences((state) => state.toggleQueues);
  return (
    <header className={styles.header}>
      {queuesHidden && canShowQueues && (
        <IconButton label={t('nav.showQueues')} onClick={toggleQueues}>
          <PanelLeftOpen size={16} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      )}
      {queuesHidden ? <QueueMenu /> : <h2 className={styles.title}>{t(`queue.${queue}`)}</h2>}
      <span className={styles.count}>{count ? formatNumber(count, locale) : ''}</span>
      <IconButton label={t('nav.newConversation')} shortcut="C" onClick={() => startConversation(null)}>
        <SquarePen size={18} strokeWidth={1.75} aria-hidden="true" />
      </IconButton>
    </header>
  );
}
