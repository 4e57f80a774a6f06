import styles from './Kbd.module.css';

export function Kbd({ children }: { children: string }) {
  return <kbd className={styles.kbd}>{children}</kbd>;
}

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** The platform's command key, as it is written on the keyboard. */
export const MOD_KEY = isApple ? '⌘' : 'Ctrl';
