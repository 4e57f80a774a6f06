import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button.tsx';
import styles from './CopyField.module.css';
import { copyText } from './copy-text.ts';
import { Field } from './Field.tsx';

const SHOWN_MS = 2_000;

type Outcome = 'copied' | 'failed' | null;

function useOutcome(): [Outcome, (outcome: Outcome) => void] {
  const [outcome, setOutcome] = useState<Outcome>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  return [outcome, setOutcome];
}

/** Copies a text, and says for a moment that it did. `name` says what is copied, for those who cannot see it. */
export function CopyButton({ text, name, label }: { text: string; name: string; label?: string }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useOutcome();
  const word =
    outcome === 'copied'
      ? t('common.copied')
      : outcome === 'failed'
        ? t('common.notCopied')
        : (label ?? t('common.copy'));
  return (
    <Button
      className={styles.button ?? ''}
      aria-label={t('common.prefix', { label: word }) + name}
      icon={outcome === 'copied' ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      onClick={() => void copyText(text).then((copied) => setOutcome(copied ? 'copied' : 'failed'))}
    >
      <span aria-live="polite">{word}</span>
    </Button>
  );
}

interface CopyFieldProps {
  label: string;
  value: string;
  hint?: ReactNode;
  /** Text of several lines, such as a script tag. */
  long?: boolean;
}

/** Something to be taken elsewhere: selected by a click, copied by a button. */
export function CopyField({ label, value, hint, long = false }: CopyFieldProps) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const select = () => field.current?.select();
  return (
    <Field label={label} hint={hint}>
      {(props) => (
        <span className={styles.row} data-long={long || undefined}>
          {long ? (
            <textarea {...props} ref={field} readOnly rows={3} value={value} className={styles.text} onFocus={select} />
          ) : (
            <input {...props} ref={field} readOnly value={value} className={styles.text} onFocus={select} />
          )}
          <CopyButton text={value} name={label} />
        </span>
      )}
    </Field>
  );
}
