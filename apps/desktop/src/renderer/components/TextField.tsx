import type { ComponentProps, ReactNode } from 'react';
import styles from './Field.module.css';
import { Field } from './Field.tsx';
import { join } from './join.ts';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'className' | 'id'> {
  label: string;
  value: string;
  hint?: ReactNode;
  error?: string | null;
  /** Keys, codes and addresses are compared letter by letter. */
  mono?: boolean;
  onChange: (value: string) => void;
}

export function TextField({ label, hint, error = null, mono = false, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <input
          autoComplete="off"
          spellCheck={mono ? false : undefined}
          {...rest}
          {...props}
          className={join(styles.input, mono && styles.mono)}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'onChange' | 'className' | 'id'> {
  label: string;
  value: string;
  hint?: ReactNode;
  error?: string | null;
  mono?: boolean;
  onChange: (value: string) => void;
}

export function TextArea({ label, hint, error = null, mono = false, onChange, ...rest }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <textarea
          spellCheck={mono ? false : undefined}
          {...rest}
          {...props}
          className={join(styles.area, styles.short, mono && styles.mono)}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
