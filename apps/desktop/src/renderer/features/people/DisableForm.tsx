import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { SelectField } from '../../components/SelectField.tsx';
import { changePerson, type Person } from '../../desk/api/people.ts';
import { useAction } from '../../desk/api/use-action.ts';

interface DisableFormProps {
  person: Person;
  colleagues: readonly Person[];
  onCancel: () => void;
  onDisabled: () => void;
}

const NOBODY = '';

/** Ends somebody's access, and says first who takes over what is open. */
export function DisableForm({ person, colleagues, onCancel, onDisabled }: DisableFormProps) {
  const { t } = useTranslation();
  const [heir, setHeir] = useState(NOBODY);
  const action = useAction(['reassignTo']);

  async function handleSubmit() {
    const reassignTo = heir === NOBODY ? null : heir;
    if (await action.run(() => changePerson(person.id, { disabled: true, reassignTo }))) onDisabled();
  }

  return (
    <ActionForm
      action={action}
      submit={t('people.disable')}
      look="danger"
      beside={
        <Button look="quiet" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      }
      onSubmit={handleSubmit}
    >
      <p>{t('people.disableHint', { name: person.name })}</p>
      <SelectField
        label={t('people.handOver')}
        hint={heir === NOBODY ? t('people.handOverNobodyHint') : undefined}
        error={action.errorOf('reassignTo')}
        options={[
          { value: NOBODY, label: t('people.handOverNobody') },
          ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={heir}
        onChange={setHeir}
      />
    </ActionForm>
  );
}
