import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Callout } from '../../components/Callout.tsx';
import { CopyField } from '../../components/CopyField.tsx';
import { TextField } from '../../components/TextField.tsx';
import { createInvite, type NewInvite, type Role, type Team } from '../../desk/api/people.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { formatShort } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { RoleAndTeams } from './RoleAndTeams.tsx';

interface InviteFormProps {
  teams: readonly Team[];
  onInvited: () => void;
}

/** Makes invitations, one after the other: a link to hand over, which also went out by mail where there is a mailbox. */
export function InviteForm({ teams, onInvited }: InviteFormProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('agent');
  const [teamIds, setTeamIds] = useState<string[]>([]);
  const [made, setMade] = useState<(NewInvite & { email: string }) | null>(null);
  const action = useAction(['email', 'role', 'teamIds']);
  const field = useRef<HTMLInputElement>(null);

  async function handleSubmit() {
    const address = email.trim();
    if (address === '') return action.refuse({ email: t('login.needEmail') });
    const invite = await action.run(() => createInvite({ email: address, role, teamIds }));
    if (!invite) return;
    setMade({ ...invite.value, email: address });
    setEmail('');
    onInvited();
  }

  return (
    <div className="stack">
      {made && <MadeInvite key={made.id} invite={made} />}
      <ActionForm
        action={action}
        submit={made ? t('people.invite.another') : t('people.invite.make')}
        look={made ? 'plain' : 'primary'}
        onSubmit={handleSubmit}
      >
        <TextField
          label={t('login.email')}
          error={action.errorOf('email')}
          ref={field}
          type="email"
          name="invite-email"
          placeholder="name@example.com"
          value={email}
          onChange={setEmail}
        />
        <RoleAndTeams
          role={role}
          roleError={action.errorOf('role')}
          teams={teams}
          teamIds={teamIds}
          onRole={setRole}
          onTeams={setTeamIds}
        />
      </ActionForm>
    </div>
  );
}

function MadeInvite({ invite }: { invite: NewInvite & { email: string } }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const until = formatShort(invite.expiresAt, locale);
  return (
    <div className="stack">
      <Callout look="ok" live="status" title={t('people.invite.madeTitle', { email: invite.email })}>
        <p>
          {invite.mailed ? t('people.invite.mailed', { time: until }) : t('people.invite.notMailed', { time: until })}
        </p>
      </Callout>
      <CopyField label={t('people.invite.link')} value={invite.link} />
    </div>
  );
}
