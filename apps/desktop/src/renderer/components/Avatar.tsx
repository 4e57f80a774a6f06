import styles from './Avatar.module.css';

/** Up to two letters that stand for a name; one character for Chinese, Japanese and Korean names. */
export function toInitials(name: string): string {
  const words = name
    .trim()
    .split(/[\s@._-]+/u)
    .filter(Boolean);
  const first = [...(words[0] ?? '')][0] ?? '';
  if (!first) return '·';
  if (/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(first)) return first;
  const second = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + second).toLocaleUpperCase();
}

interface AvatarProps {
  name: string;
  size?: 18 | 24 | 40;
  /** A full dot for online, a ring for away; nothing for offline or where nobody can tell. The word stands elsewhere. */
  presence?: 'online' | 'away' | undefined;
}

/** Decoration: the name stands beside it or in a label. */
export function Avatar({ name, size = 24, presence }: AvatarProps) {
  return (
    <span className={styles.avatar} data-size={size} aria-hidden="true">
      {toInitials(name)}
      {presence && <span className={styles.presence} data-presence={presence} />}
    </span>
  );
}
