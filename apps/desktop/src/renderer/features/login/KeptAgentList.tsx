import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import type { Desk } from '../../desk/types.ts';
import styles from './KeptAgentList.module.css';

interface KeptAgentListProps {
  kept: readonly { agent: Desk['agent']; offline: boolean }[];
  /** The mail address in the form. */
  chosen: string;
  onChoose: (email: string) => void;
}

/** Agents who share this seat: whoever is chosen only types his password. */
export function KeptAgentList({ kept, chosen, onChoose }: KeptAgentListProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.list}>
      <legend>{t('devices.kept')}</legend>
      {kept.map(({ agent, offline }) => (
        <button
          key={agent.id}
          type="button"
          className={styles.agent}
          aria-pressed={agent.email === chosen}
          onClick={() => onChoose(agent.email === chosen ? '' : agent.email)}
        >
          <Avatar name={agent.name} size={24} />
          <span className={styles.who}>
            <bdi className="ellipsis">{agent.name}</bdi>
            <span className={styles.email}>
              {agent.email}
              {offline && ` · ${t('devices.keptOffline')}`}
            </span>
          </span>
        </button>
      ))}
    </fieldset>
  );
}
