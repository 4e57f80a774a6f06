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

/** Decoration: the name stands beside it or in a label. */
export function Avatar({ name, size = 24 }: { name: string; size?: 18 | 24 | 40 }) {
  return (
    <span className={styles.avatar} data-size={size} aria-hidden="true">
      {toInitials(name)}
    </span>
  );
}
