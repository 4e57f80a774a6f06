import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Field.module.css';
import { Field } from './Field.tsx';
import { join } from './join.ts';

interface SelectFieldProps<TValue extends string> {
  label: string;
  value: TValue;
  options: readonly { value: TValue; label: string }[];
  hint?: ReactNode;
  error?: string | null;
  onChange: (value: TValue) => void;
}

/** One of a few, by the system's own list. */
export function SelectField<TValue extends string>(props: SelectFieldProps<TValue>) {
  const { label, value, options, hint, error = null, onChange } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <span className={styles.wrap}>
          <select
            {...field}
            className={join(styles.input, styles.select)}
            value={value}
            onChange={(event) => {
              const chosen = options.find((option) => option.value === event.target.value);
              if (chosen) onChange(chosen.value);
            }}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown size={16} aria-hidden="true" className={styles.sign} />
        </span>
      )}
    </Field>
  );
}
