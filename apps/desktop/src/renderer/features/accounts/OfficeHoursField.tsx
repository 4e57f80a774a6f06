import { type OfficeHours, type Weekday, weekdays } from '@tradewind/shared/chat/office-hours';
import { useTranslation } from 'react-i18next';
import fieldStyles from '../../components/Field.module.css';
import { Switch } from '../../components/Switch.tsx';
import { TimeZoneField } from '../../components/TimeZoneField.tsx';
import { useLocale } from '../../i18n/use-format.ts';
import styles from './OfficeHoursField.module.css';
import { defaultOfficeHours, setDay } from './office-hours.ts';

const FIRST_MONDAY_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** The name of a weekday, from the reader's own calendar. */
function nameDay(day: Weekday, locale: string): string {
  const at = FIRST_MONDAY_MS + weekdays.indexOf(day) * DAY_MS;
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(at);
}

interface OfficeHoursFieldProps {
  /** Null: always open. */
  value: OfficeHours | null;
  /** For hours that are made here. */
  timeZone: string;
  error: string | null;
  onChange: (value: OfficeHours | null) => void;
}

/** When visitors are told that somebody is there. */
export function OfficeHoursField({ value, timeZone, error, onChange }: OfficeHoursFieldProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <fieldset className={styles.hours}>
      <legend className="hidden-visually">{t('setup.account.officeHours')}</legend>
      <Switch
        label={t('setup.account.officeHours')}
        hint={t('setup.account.officeHoursHint')}
        checked={value !== null}
        onChange={(on) => onChange(on ? defaultOfficeHours(timeZone) : null)}
      />
      {value !== null && (
        <>
          {weekdays.map((day) => (
            <DayRow
              key={day}
              name={nameDay(day, locale)}
              span={value.days[day]?.[0] ?? null}
              onChange={(span) => onChange(setDay(value, day, span))}
            />
          ))}
          <TimeZoneField
            label={t('setup.desk.timeZone')}
            value={value.timeZone}
            onChange={(zone) => onChange({ ...value, timeZone: zone })}
          />
        </>
      )}
      {error !== null && (
        <p className={fieldStyles.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface DayRowProps {
  name: string;
  span: readonly [string, string] | null;
  onChange: (span: readonly [string, string] | null) => void;
}

function DayRow({ name, span, onChange }: DayRowProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.day}>
      <label className={styles.name}>
        <input
          type="checkbox"
          checked={span !== null}
          onChange={(event) => onChange(event.target.checked ? ['09:00', '18:00'] : null)}
        />
        {name}
      </label>
      {span === null ? (
        <span className={styles.closed}>{t('setup.account.closed')}</span>
      ) : (
        <span className={styles.span}>
          <input
            type="time"
            className={fieldStyles.input}
            aria-label={t('setup.account.opens', { day: name })}
            value={span[0]}
            onChange={(event) => onChange([event.target.value, span[1]])}
          />
          <span aria-hidden="true">–</span>
          <input
            type="time"
            className={fieldStyles.input}
            aria-label={t('setup.account.closes', { day: name })}
            value={span[1]}
            onChange={(event) => onChange([span[0], event.target.value])}
          />
        </span>
      )}
    </div>
  );
}
