import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';
import { join } from './join.ts';

type Look = 'primary' | 'plain' | 'quiet' | 'danger' | 'note';

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  icon?: ReactNode;
}

export function Button({ look = 'plain', icon, className, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} className={join(styles.button, styles[look], className)} {...rest}>
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** Read aloud and shown on hover. */
  label: string;
  /** Key that does the same, for the hint. */
  shortcut?: string;
}

export function IconButton({ label, shortcut, className, children, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : label}
      className={join(styles.icon, className)}
      {...rest}
    >
      {children}
    </button>
  );
}
