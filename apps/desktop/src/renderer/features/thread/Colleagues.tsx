import { Avatar } from '../../components/Avatar.tsx';
import { useColleaguesIn } from '../../desk/use-colleague-words.ts';
import styles from './Colleagues.module.css';

const SHOWN = 3;

/** Who else has this conversation before them. Its place is what the row has left, so that nothing moves. */
export function Colleagues({ conversationId }: { conversationId: string }) {
  const colleagues = useColleaguesIn(conversationId);
  if (!colleagues) return <span className={styles.place} />;
  const text = [colleagues.writing, colleagues.viewing].filter(Boolean).join(' · ');
  return (
    <span className={styles.place} title={text} data-testid="colleagues">
      <span className={styles.faces}>
        {colleagues.names.slice(0, SHOWN).map((name) => (
          <Avatar key={name} name={name} size={18} />
        ))}
      </span>
      <span className="ellipsis">{text}</span>
    </span>
  );
}
