import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { TextField } from '../../components/TextField.tsx';
import { TimeZoneField } from '../../components/TimeZoneField.tsx';
import { type DeskSettings, saveDeskSettings } from '../../desk/api/setup.ts';
import { useAction } from '../../desk/api/use-action.ts';

interface DeskFormProps {
  initial: DeskSettings;
  submit: string;
  onSaved: (saved: DeskSettings) => void;
}

/** The desk's name, which customers and new colleagues read, and its time zone. */
export function DeskForm({ initial, submit, onSaved }: DeskFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(initial.name);
  const [timeZone, setTimeZone] = useState(initial.timeZone);
  const action = useAction(['name', 'timeZone']);

  async function handleSubmit() {
    if (name.trim() === '') return action.refuse({ name: t('setup.says.required') });
    const saved = await action.run(() => saveDeskSettings({ name: name.trim(), timeZone }));
    if (saved) onSaved(saved.value);
  }

  return (
    <ActionForm action={action} submit={submit} onSubmit={handleSubmit}>
      <TextField
        label={t('setup.desk.name')}
        hint={t('setup.desk.nameHint')}
        error={action.errorOf('name')}
        name="desk-name"
        autoComplete="organization"
        value={name}
        onChange={setName}
      />
      <TimeZoneField
        label={t('setup.desk.timeZone')}
        hint={t('setup.desk.timeZoneHint')}
        error={action.errorOf('timeZone')}
        value={timeZone}
        onChange={setTimeZone}
      />
    </ActionForm>
  );
}
