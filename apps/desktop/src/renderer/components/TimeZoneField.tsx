import { ChevronsUpDown } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import fieldStyles from './Field.module.css';
import { Field } from './Field.tsx';
import styles from './TimeZoneField.module.css';
import { describeTimeZone, findTimeZones, listTimeZones, type TimeZone } from './time-zones.ts';

/** More than fit are found by typing. */
const MOST_SHOWN = 60;

interface TimeZoneFieldProps {
  label: string;
  /** IANA name. */
  value: string;
  hint?: string;
  error?: string | null;
  onChange: (zone: string) => void;
}

function toText({ place, offset }: TimeZone): string {
  return offset === '' ? place : `${place} (${offset})`;
}

/**
 * A time zone, found by typing: place, name, offset.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ (list with autocomplete, manual selection)
 */
export function TimeZoneField({ label, value, hint, error = null, onChange }: TimeZoneFieldProps) {
  const { t, i18n } = useTranslation();
  const listId = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const open = typed !== null;
  // Names of four hundred zones take a tenth of a second: only once the list is opened.
  const zones = useMemo(() => (open ? listTimeZones(i18n.language) : []), [open, i18n.language]);
  const found = useMemo(() => findTimeZones(zones, typed ?? '').slice(0, MOST_SHOWN), [zones, typed]);
  const chosen = useMemo(() => describeTimeZone(value, i18n.language), [value, i18n.language]);

  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function choose(zone: TimeZone | undefined) {
    if (zone) onChange(zone.id);
    setTyped(null);
  }

  function handleKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!open) setTyped('');
      else setActive((active + step + found.length) % Math.max(1, found.length));
      return;
    }
    if (!open) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === 'Escape') {
      // Closes the list, not the window around it.
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
    }
  }

  return (
    <Field label={label} hint={hint ?? t('common.timeZoneHint')} error={error}>
      {(props) => (
        <span className={styles.box}>
          <input
            {...props}
            type="text"
            role="combobox"
            autoComplete="off"
            spellCheck={false}
            aria-expanded={open}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={open && found[active] ? `${listId}-${active}` : undefined}
            className={fieldStyles.input}
            value={typed ?? toText(chosen)}
            placeholder={toText(chosen)}
            onFocus={(event) => event.target.select()}
            onMouseDown={() => typed === null && setTyped('')}
            onChange={(event) => {
              setTyped(event.target.value);
              setActive(0);
            }}
            onKeyDown={handleKeyDown}
            onBlur={() => setTyped(null)}
          />
          <ChevronsUpDown size={14} aria-hidden="true" className={styles.sign} />
          <div
            id={listId}
            ref={list}
            role="listbox"
            tabIndex={-1}
            aria-label={label}
            className={styles.list}
            hidden={!open}
          >
            {found.map((zone, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
              <div
                key={zone.id}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={zone.id === value}
                data-active={index === active || undefined}
                className={styles.option}
                // The field must keep the focus: losing it closes the list before the click arrives.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(zone)}
              >
                <span className={styles.place}>{zone.place}</span>
                <span className={styles.name}>{zone.name}</span>
                <span className={styles.offset}>{zone.offset}</span>
              </div>
            ))}
            {open && found.length === 0 && (
              <div role="option" tabIndex={-1} aria-selected="false" aria-disabled="true" className={styles.none}>
                {t('common.nothingFound')}
              </div>
            )}
          </div>
        </span>
      )}
    </Field>
  );
}
