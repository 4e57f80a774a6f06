import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { ListRow, Rows } from '../../components/ListRow.tsx';
import { Loaded } from '../../components/Loaded.tsx';
import { Modal } from '../../components/Modal.tsx';
import { TextField } from '../../components/TextField.tsx';
import { toFailureText } from '../../desk/api/failure-text.ts';
import { createTeam, listPeople, listTeams, renameTeam, type Team } from '../../desk/api/people.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { useLoad } from '../../desk/api/use-load.ts';

/** Groups of people that conversations are assigned to, and that accounts can be kept to. */
export function TeamsSection() {
  const { t } = useTranslation();
  const teams = useLoad(listTeams);
  const people = useLoad(listPeople);
  const [editing, setEditing] = useState<Team | 'new' | null>(null);
  const count = (team: Team) => people.value?.filter(({ teamIds }) => teamIds.includes(team.id)).length;

  return (
    <>
      <p>
        <Button look="primary" onClick={() => setEditing('new')}>
          {t('people.newTeam')}
        </Button>
      </p>
      <Loaded
        ready={teams.value !== undefined}
        failure={teams.failure && toFailureText(teams.failure, t)}
        onRetry={() => void teams.reload()}
      >
        {teams.value?.length === 0 && <p className="quiet">{t('people.noTeams')}</p>}
        {teams.value && teams.value.length > 0 && (
          <Rows label={t('people.teams')}>
            {teams.value.map((team) => (
              <ListRow
                key={team.id}
                title={team.name}
                detail={people.value ? t('people.members', { count: count(team) ?? 0 }) : ' '}
                action={
                  <Button aria-label={t('people.renameNamed', { name: team.name })} onClick={() => setEditing(team)}>
                    {t('people.rename')}
                  </Button>
                }
              />
            ))}
          </Rows>
        )}
      </Loaded>
      {editing !== null && (
        <Modal
          title={editing === 'new' ? t('people.newTeam') : t('people.renameNamed', { name: editing.name })}
          onClose={() => setEditing(null)}
        >
          <TeamForm
            team={editing === 'new' ? null : editing}
            onSaved={() => {
              setEditing(null);
              void teams.reload();
            }}
          />
        </Modal>
      )}
    </>
  );
}

function TeamForm({ team, onSaved }: { team: Team | null; onSaved: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(team?.name ?? '');
  const action = useAction(['name']);

  async function handleSubmit() {
    const chosen = name.trim();
    if (chosen === '') return action.refuse({ name: t('setup.says.required') });
    if (await action.run(() => (team ? renameTeam(team.id, chosen) : createTeam(chosen)))) onSaved();
  }

  return (
    <ActionForm action={action} submit={t('setup.account.save')} onSubmit={handleSubmit}>
      <TextField
        label={t('people.teamName')}
        hint={t('people.teamNameHint')}
        error={action.errorOf('name')}
        name="team-name"
        value={name}
        onChange={setName}
      />
    </ActionForm>
  );
}
