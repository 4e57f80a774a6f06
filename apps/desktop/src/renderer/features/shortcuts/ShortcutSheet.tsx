import { useTranslation } from 'react-i18next';
import { Kbd, MOD_KEY } from '../../components/Kbd.tsx';
import { Modal } from '../../components/Modal.tsx';
import styles from './ShortcutSheet.module.css';

const GROUPS = [
  {
    title: 'shortcuts.groupList',
    keys: [
      ['shortcuts.next', ['J', '↓']],
      ['shortcuts.previous', ['K', '↑']],
      ['shortcuts.open', ['Enter']],
    ],
  },
  {
    title: 'shortcuts.groupConversation',
    keys: [
      ['shortcuts.reply', ['R']],
      ['shortcuts.note', ['N']],
      ['shortcuts.resolve', ['E']],
      ['shortcuts.assign', ['A']],
    ],
  },
  {
    title: 'shortcuts.groupWriting',
    keys: [
      ['shortcuts.send', [MOD_KEY, 'Enter']],
      ['shortcuts.newline', ['Enter']],
    ],
  },
  {
    title: 'shortcuts.groupAnywhere',
    keys: [
      ['shortcuts.compose', ['C']],
      ['shortcuts.leave', ['Esc']],
      ['shortcuts.help', ['?']],
    ],
  },
] as const;

/** Every key the desk knows. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal title={t('shortcuts.title')} onClose={onClose}>
      <div className={styles.groups}>
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className={styles.title}>{t(group.title)}</h3>
            <dl>
              {group.keys.map(([label, keys]) => (
                <div key={label} className={styles.row}>
                  <dt>{t(label)}</dt>
                  <dd>
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
