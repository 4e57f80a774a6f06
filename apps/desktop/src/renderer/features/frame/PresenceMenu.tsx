import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { Menu, MenuChoices, MenuText } from '../../components/Menu.tsx';
import { useConnection, useOwnPresence } from '../../desk/hooks.ts';
import { useDesk } from '../../session/desk-context.ts';
import styles from './Rail.module.css';

const CHOICES = ['online', 'away'] as const;

/** Who one is, and whether one is there for others. Without a connection nobody is told, and no dot says so. */
export function PresenceMenu() {
  const { t } = useTranslation();
  const desk = useDesk();
  const presence = useOwnPresence();
  const connected = useConnection().kind === 'online';
  const word = t(`shell.presence_${connected ? presence : 'offline'}`);
  const label = t('shell.presenceOf', { name: desk.agent.name, presence: word });
  return (
    <Menu
      trigger={
        <button type="button" className={styles.me} aria-label={label} title={label} data-testid="own-presence">
          <Avatar name={desk.agent.name} presence={connected ? presence : undefined} />
        </button>
      }
    >
      <MenuChoices
        label={t('shell.presence')}
        value={presence}
        options={CHOICES.map((value) => ({
          value,
          label: t(`shell.presence_${value}`),
          icon: <span className={styles.sign} data-presence={value} aria-hidden="true" />,
        }))}
        onChange={(value) => desk.setPresence(value)}
      />
      <MenuText>{t('shell.presenceHint')}</MenuText>
    </Menu>
  );
}
