import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { ListRow, Rows } from '../../components/ListRow.tsx';
import { Loaded } from '../../components/Loaded.tsx';
import { Modal } from '../../components/Modal.tsx';
import { toFailureText } from '../../desk/api/failure-text.ts';
import {
  type Invite,
  listInvites,
  listPeople,
  listTeams,
  type Person,
  revokeInvite,
  type Team,
} from '../../desk/api/people.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { useLoad } from '../../desk/api/use-load.ts';
import { formatShort } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/use-format.ts';
import { InviteForm } from './InviteForm.tsx';
import { PersonDialog } from './PersonDialog.tsx';

/** Everybody who works at this desk, and who is invited to. */
export function PeopleSection({ ownId }: { ownId: string }) {
  const { t } = useTranslation();
  const people = useLoad(listPeople);
  const invites = useLoad(listInvites);
  const teams = useLoad(listTeams);
  const [inviting, setInviting] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  const opened = people.value?.find(({ id }) => id === openId);

  return (
    <>
      <p>
        <Button look="primary" icon={<UserPlus size={16} aria-hidden="true" />} onClick={() => setInviting(true)}>
          {t('people.invite.open')}
        </Button>
      </p>
      <Loaded
        ready={people.value !== undefined}
        failure={people.failure && toFailureText(people.failure, t)}
        onRetry={() => void people.reload()}
      >
        <Rows label={t('people.list')}>
          {people.value?.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              isSelf={person.id === ownId}
              teams={teams.value ?? []}
              onOpen={() => setOpenId(person.id)}
            />
          ))}
        </Rows>
      </Loaded>
      {invites.value && invites.value.length > 0 && (
        <OpenInvites invites={invites.value} onChanged={() => void invites.reload()} />
      )}
      {inviting && (
        <Modal title={t('people.invite.open')} description={t('people.invite.hint')} onClose={() => setInviting(false)}>
          <InviteForm teams={teams.value ?? []} onInvited={() => void invites.reload()} />
        </Modal>
      )}
      {opened && (
        <PersonDialog
          person={opened}
          isSelf={opened.id === ownId}
          people={people.value ?? []}
          teams={teams.value ?? []}
          onClose={() => setOpenId(null)}
          onChanged={() => void people.reload()}
        />
      )}
    </>
  );
}

interface PersonRowProps {
  person: Person;
  isSelf: boolean;
  teams: readonly Team[];
  onOpen: () => void;
}

function PersonRow({ person, isSelf, teams, onOpen }: PersonRowProps) {
  const { t } = useTranslation();
  const names = teams.filter(({ id }) => person.teamIds.includes(id)).map(({ name }) => name);
  const name = isSelf ? t('header.me', { name: person.name }) : person.name;
  return (
    <ListRow
      icon={<Avatar name={person.name} />}
      title={name}
      detail={[person.email, ...names].join(' · ')}
      faded={person.disabled}
      badges={
        <>
          {person.role === 'admin' && <Badge look="accent">{t('people.roleAdmin')}</Badge>}
          {person.totp && <Badge look="plain">{t('people.totpOn')}</Badge>}
          {person.disabled && <Badge look="warn">{t('people.disabled')}</Badge>}
        </>
      }
      action={
        <Button aria-label={t('people.editNamed', { name: person.name })} onClick={onOpen}>
          {t('people.edit')}
        </Button>
      }
    />
  );
}

function OpenInvites({ invites, onChanged }: { invites: readonly Invite[]; onChanged: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const action = useAction();
  return (
    <section className="stack">
      <h2 className="subheading">{t('people.invite.pending')}</h2>
      <Rows label={t('people.invite.pending')}>
        {invites.map((invite) => (
          <ListRow
            key={invite.id}
            title={invite.email}
            detail={t('people.invite.until', { time: formatShort(invite.expiresAt, locale) })}
            badges={invite.role === 'admin' && <Badge look="accent">{t('people.roleAdmin')}</Badge>}
            action={
              <Button
                aria-label={t('people.invite.revokeNamed', { email: invite.email })}
                disabled={action.busy}
                onClick={() => void action.run(() => revokeInvite(invite.id)).then((done) => done && onChanged())}
              >
                {t('people.invite.revoke')}
              </Button>
            }
          />
        ))}
      </Rows>
      {action.message && (
        <p className="problem" role="alert">
          {action.message}
        </p>
      )}
    </section>
  );
}
