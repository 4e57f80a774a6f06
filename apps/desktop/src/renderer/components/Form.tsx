import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import styles from './Form.module.css';
import { join } from './join.ts';

interface FormProps {
  children: ReactNode;
  /** What is wrong with the whole. */
  message?: string | null;
  /** Changes when an attempt failed: the cursor then goes to the first field that is wrong. */
  attempt?: number;
  /** Buttons below. */
  actions: ReactNode;
  /** The buttons fill the width, as on a card. */
  wide?: boolean;
  onSubmit: () => void;
}

/** Fields, what is wrong with them, and the buttons that send them. */
export function Form({ children, message = null, attempt = 0, actions, wide = false, onSubmit }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempt]);
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        // A form in a dialog of another form is still inside it for React.
        event.stopPropagation();
        onSubmit();
      }}
    >
      {children}
      <p className={styles.message} role="alert">
        {message}
      </p>
      <div className={join(styles.actions, wide && styles.wide)}>{actions}</div>
    </form>
  );
}
