import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { AlarmClock, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Menu, MenuChoices, MenuItem, MenuLine, MenuText } from '../../components/Menu.tsx';
import { StatusGlyph } from '../../components/StatusGlyph.tsx';
import { formatFull, formatShort } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { useDesk } from '../../session/desk-context.ts';
import { type SnoozeChoice, toWakeTime } from './snooze.ts';
import styles from './ThreadHeader.module.css';

const SNOOZES: readonly {
  choice: SnoozeChoice;
  label: 'status.snoozeHour' | 'status.snoozeTomorrow' | 'status.snoozeMonday';
}[] = [
  { choice: 'hour', label: 'status.snoozeHour' },
  { choice: 'tomorrow', label: 'status.snoozeTomorrow' },
  { choice: 'monday', label: 'status.snoozeMonday' },
];

/** The conversation's status, and how to change it. */
export function StatusMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const desk = useDesk();
  const { id: conversationId, status, snoozedUntil } = conversation;
  const wakesAt = status === 'snoozed' ? snoozedUntil : null;
  const word = wakesAt === null ? t(`status.${status}`) : t('status.until', { time: formatShort(wakesAt, locale) });
  const sentence = wakesAt === null ? undefined : t('status.snoozedUntil', { time: formatFull(wakesAt, locale) });
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="quiet"
          className={styles.choice ?? ''}
          icon={<StatusGlyph status={status} />}
          title={sentence}
          data-testid="conversation-status"
        >
          <span className="hidden-visually">
            {t('common.prefix', { label: t('status.label') })}
            {sentence}
          </span>
          <span className={styles.status} aria-hidden={sentence !== undefined}>
            {word}
          </span>
          <ChevronDown size={14} aria-hidden="true" />
        </Button>
      }
    >
      <MenuChoices
        label={t('status.label')}
        value={status}
        options={(['pending', 'open', 'resolved'] as const).map((value) => ({
          value,
          label: t(`status.${value}`),
          icon: <StatusGlyph status={value} />,
          hint: value === 'resolved' ? 'E' : undefined,
        }))}
        onChange={(next) => {
          if (next !== 'snoozed') void desk.send({ type: 'set-status', conversationId, status: next });
        }}
      />
      <MenuLine />
      <MenuText>{t('status.snooze')}</MenuText>
      {SNOOZES.map(({ choice, label }) => (
        <MenuItem
          key={choice}
          icon={<AlarmClock size={16} strokeWidth={1.75} aria-hidden="true" />}
          onSelect={() =>
            void desk.send({
              type: 'set-status',
              conversationId,
              status: 'snoozed',
              snoozedUntil: toWakeTime(choice, desk.now()),
            })
          }
        >
          {t(label)}
        </MenuItem>
      ))}
    </Menu>
  );
}
