import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Field.module.css';
import { Field } from './Field.tsx';
import { join } from './join.ts';

interface SecretFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'className' | 'id' | 'type'> {
  label: string;
  value: string;
  hint?: ReactNode;
  error?: string | null;
  /** Keys of platforms; passwords are typed in letters. */
  mono?: boolean;
  onChange: (value: string) => void;
}

/** A password or key: hidden, shown on demand. */
export function SecretField({ label, hint, error = null, mono = false, onChange, ...rest }: SecretFieldProps) {
  const { t } = useTranslation();
  const [visible, setVisible] = useState(false);
  const action = visible ? t('common.hideNamed', { label }) : t('common.showNamed', { label });
  return (
    <Field label={label} hint={hint} error={error}>
      {(props) => (
        <span className={styles.wrap}>
          <input
            autoComplete="off"
            spellCheck={false}
            {...rest}
            {...props}
            type={visible ? 'text' : 'password'}
            className={join(styles.input, mono && styles.mono)}
            onChange={(event) => onChange(event.target.value)}
          />
          <button
            type="button"
            className={styles.inside}
            aria-label={action}
            title={action}
            onClick={() => setVisible(!visible)}
          >
            {visible ? <EyeOff size={16} aria-hidden="true" /> : <Eye size={16} aria-hidden="true" />}
          </button>
        </span>
      )}
    </Field>
  );
}
