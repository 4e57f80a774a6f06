import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckList } from '../../components/CheckList.tsx';
import { SelectField } from '../../components/SelectField.tsx';
import type { Role, Team } from '../../desk/api/people.ts';

interface RoleAndTeamsProps {
  role: Role;
  /** In place of what the role means. */
  roleHint?: ReactNode;
  roleError: string | null;
  teams: readonly Team[];
  teamIds: readonly string[];
  onRole: (role: Role) => void;
  onTeams: (ids: string[]) => void;
}

/** What somebody may do at the desk, and whose conversations he sees. */
export function RoleAndTeams({ role, roleHint, roleError, teams, teamIds, onRole, onTeams }: RoleAndTeamsProps) {
  const { t } = useTranslation();
  return (
    <>
      <SelectField
        label={t('people.role')}
        hint={roleHint ?? (role === 'admin' ? t('people.roleAdminHint') : t('people.roleAgentHint'))}
        error={roleError}
        options={[
          { value: 'agent', label: t('people.roleAgent') },
          { value: 'admin', label: t('people.roleAdmin') },
        ]}
        value={role}
        onChange={onRole}
      />
      {teams.length > 0 && (
        <CheckList
          legend={t('people.teams')}
          hint={t('people.teamsHint')}
          options={teams}
          checked={teamIds}
          onChange={onTeams}
        />
      )}
    </>
  );
}
