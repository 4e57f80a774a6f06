import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Form } from '../../components/Form.tsx';
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
    <Form
      message={action.message}
      attempt={action.attempt}
      onSubmit={() => void handleSubmit()}
      actions={
        <>
          <Button look="danger" type="submit" disabled={action.busy}>
            {t('people.disable')}
          </Button>
          <Button look="quiet" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        </>
      }
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
    </Form>
  );
}
