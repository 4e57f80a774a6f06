import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyField } from '../../components/CopyField.tsx';
import { Modal } from '../../components/Modal.tsx';
import { TextField } from '../../components/TextField.tsx';
import {
  changePerson,
  createResetLink,
  type Link,
  type Person,
  type Role,
  removeTotpOf,
  type Team,
} from '../../desk/api/people.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { formatShort } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { DisableForm } from './DisableForm.tsx';
import styles from './PersonDialog.module.css';
import { RoleAndTeams } from './RoleAndTeams.tsx';

interface PersonDialogProps {
  person: Person;
  isSelf: boolean;
  people: readonly Person[];
  teams: readonly Team[];
  onClose: () => void;
  onChanged: () => void;
}

/** One person: name, role and teams, and what an admin may do when somebody cannot get in, or must not any more. */
export function PersonDialog({ person, isSelf, people, teams, onClose, onChanged }: PersonDialogProps) {
  const { t } = useTranslation();
  const [disabling, setDisabling] = useState(false);
  if (disabling) {
    return (
      <Modal title={t('people.disableTitle', { name: person.name })} onClose={() => setDisabling(false)}>
        <DisableForm
          person={person}
          colleagues={people.filter(({ id, disabled }) => id !== person.id && !disabled)}
          onCancel={() => setDisabling(false)}
          onDisabled={() => {
            onChanged();
            onClose();
          }}
        />
      </Modal>
    );
  }
  return (
    <Modal title={person.name} description={person.email} onClose={onClose}>
      <PersonForm person={person} isSelf={isSelf} teams={teams} onSaved={onChanged} onClose={onClose} />
      {!isSelf && <Access person={person} onChanged={onChanged} onDisable={() => setDisabling(true)} />}
    </Modal>
  );
}

interface PersonFormProps {
  person: Person;
  isSelf: boolean;
  teams: readonly Team[];
  onSaved: () => void;
  onClose: () => void;
}

function PersonForm({ person, isSelf, teams, onSaved, onClose }: PersonFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(person.name);
  const [role, setRole] = useState<Role>(person.role);
  const [teamIds, setTeamIds] = useState(person.teamIds);
  const action = useAction(['name', 'role', 'teamIds']);

  async function handleSubmit() {
    if (name.trim() === '') return action.refuse({ name: t('setup.says.required') });
    const saved = await action.run(() => changePerson(person.id, { name: name.trim(), role, teamIds }));
    if (!saved) return;
    onSaved();
    onClose();
  }

  return (
    <ActionForm action={action} submit={t('setup.account.save')} onSubmit={handleSubmit}>
      <TextField
        label={t('people.name')}
        error={action.errorOf('name')}
        name="person-name"
        value={name}
        onChange={setName}
      />
      <RoleAndTeams
        role={role}
        {...(isSelf ? { roleHint: t('people.ownRoleHint') } : {})}
        roleError={action.errorOf('role')}
        teams={teams}
        teamIds={teamIds}
        onRole={setRole}
        onTeams={setTeamIds}
      />
    </ActionForm>
  );
}

interface AccessProps {
  person: Person;
  onChanged: () => void;
  onDisable: () => void;
}

function Access({ person, onChanged, onDisable }: AccessProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [link, setLink] = useState<Link | null>(null);
  const action = useAction();

  async function makeLink() {
    const made = await action.run(() => createResetLink(person.id));
    if (made) setLink(made.value);
  }

  async function change(work: Parameters<typeof action.run>[0]) {
    if (await action.run(work)) onChanged();
  }

  return (
    <section className={styles.access} aria-label={t('people.access')}>
      <h3 className="subheading">{t('people.access')}</h3>
      {link && (
        <CopyField
          label={t('people.resetLink')}
          hint={t('people.resetLinkHint', { name: person.name, time: formatShort(link.expiresAt, locale) })}
          value={link.link}
        />
      )}
      <div className={styles.buttons}>
        {!person.disabled && (
          <Button disabled={action.busy} onClick={() => void makeLink()}>
            {t('people.makeResetLink')}
          </Button>
        )}
        {person.totp && (
          <Button disabled={action.busy} onClick={() => void change(() => removeTotpOf(person.id))}>
            {t('people.removeTotp')}
          </Button>
        )}
        {person.disabled ? (
          <Button
            disabled={action.busy}
            onClick={() => void change(() => changePerson(person.id, { disabled: false }))}
          >
            {t('people.enable')}
          </Button>
        ) : (
          <Button look="danger" onClick={onDisable}>
            {t('people.disable')}
          </Button>
        )}
      </div>
      {action.message && (
        <p className="problem" role="alert">
          {action.message}
        </p>
      )}
    </section>
  );
}
