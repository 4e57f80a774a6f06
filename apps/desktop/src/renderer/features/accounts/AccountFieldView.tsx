import { useTranslation } from 'react-i18next';
import { Field } from '../../components/Field.tsx';
import { SecretField } from '../../components/SecretField.tsx';
import { SelectField } from '../../components/SelectField.tsx';
import { Switch } from '../../components/Switch.tsx';
import { TextArea, TextField } from '../../components/TextField.tsx';
import styles from './AccountFieldView.module.css';
import { type FormValues, preChatChoices, preChatOf, textOf } from './draft.ts';
import type { FieldDefinition } from './kinds.ts';
import { OfficeHoursField } from './OfficeHoursField.tsx';
import { readOfficeHours } from './office-hours.ts';

/** What the colour field shows while none is chosen: the product's own. */
const OWN_COLOUR = '#0a726d';

const CHOICES = {
  off: 'setup.account.preChat_off',
  optional: 'setup.account.preChat_optional',
  required: 'setup.account.preChat_required',
} as const;

interface AccountFieldViewProps {
  kind: 'mailgun' | 'web-chat' | 'shopify';
  field: FieldDefinition;
  values: FormValues;
  error: string | null;
  /** The server has this secret: leaving the field empty keeps it. */
  stored: boolean;
  timeZone: string;
  onChange: (value: unknown) => void;
}

/** One key of an account's configuration, by its type. */
export function AccountFieldView({ kind, field, values, error, stored, timeZone, onChange }: AccountFieldViewProps) {
  const { t } = useTranslation();
  const { key, type, required, placeholder } = field;
  const name = t(`setup.field.${kind}.${key}` as 'setup.field.mailgun.domain');
  const label = required ? name : t('setup.account.optional', { label: name });
  const hint = t(`setup.hint.${kind}.${key}` as 'setup.hint.mailgun.domain');
  const text = textOf(values, key);
  switch (type) {
    case 'secret':
      return (
        <SecretField
          label={label}
          hint={hint}
          error={error}
          mono
          name={key}
          // A password manager would offer the agent's own password.
          autoComplete="off"
          data-1p-ignore
          placeholder={stored ? t('setup.account.storedSecret') : undefined}
          value={text}
          onChange={onChange}
        />
      );
    case 'long-text':
      return <TextArea label={label} hint={hint} error={error} name={key} value={text} onChange={onChange} />;
    case 'list':
      return (
        <TextArea
          label={label}
          hint={hint}
          error={error}
          mono
          name={key}
          placeholder={placeholder}
          value={text}
          onChange={onChange}
        />
      );
    case 'colour':
      return (
        <Field label={label} hint={hint} error={error}>
          {(props) => (
            <span className={styles.colour}>
              <input
                {...props}
                type="color"
                value={text === '' ? OWN_COLOUR : text}
                onChange={(event) => onChange(event.target.value)}
              />
              <code>{text === '' ? t('setup.account.ownColour') : text}</code>
              {text !== '' && (
                <button type="button" className={styles.clear} onClick={() => onChange('')}>
                  {t('setup.account.useOwnColour')}
                </button>
              )}
            </span>
          )}
        </Field>
      );
    case 'switch':
      return <Switch label={name} hint={hint} checked={values[key] !== false} onChange={onChange} />;
    case 'pre-chat': {
      const chosen = preChatOf(values[key]);
      const options = preChatChoices.map((value) => ({ value, label: t(CHOICES[value]) }));
      return (
        <div className={styles.pair}>
          {(['name', 'email'] as const).map((part) => (
            <SelectField
              key={part}
              label={part === 'name' ? t('setup.account.askName') : t('setup.account.askEmail')}
              error={part === 'name' ? error : null}
              options={options}
              value={chosen[part]}
              onChange={(choice) => onChange({ ...chosen, [part]: choice })}
            />
          ))}
        </div>
      );
    }
    case 'office-hours':
      return (
        <OfficeHoursField value={readOfficeHours(values[key])} timeZone={timeZone} error={error} onChange={onChange} />
      );
    default:
      return (
        <TextField
          label={label}
          hint={hint}
          error={error}
          mono={key !== 'fromAddress'}
          inputMode={type === 'number' ? 'numeric' : undefined}
          name={key}
          placeholder={placeholder}
          value={text}
          onChange={onChange}
        />
      );
  }
}
