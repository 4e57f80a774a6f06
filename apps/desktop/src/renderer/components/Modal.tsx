import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import { join } from './join.ts';
import styles from './Modal.module.css';

interface ModalProps {
  title: string;
  description?: string;
  children: ReactNode;
  onClose: () => void;
  /** `sheet` slides in from the right edge. */
  look?: 'window' | 'sheet';
  /** False where the only way on is to answer. */
  closable?: boolean;
}

/** The cursor goes to what is to be filled in; else to the window itself, and never to its close button. */
function focusFirst(event: Event) {
  event.preventDefault();
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  (content.querySelector<HTMLElement>('[data-autofocus], input:not([readonly])') ?? content).focus();
}

/** Where the cursor is, to come back to; for an entry of a menu, which is about to go, the menu's button. */
function findOpener(): Element | null {
  const menu = document.activeElement?.closest('[role="menu"]');
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : document.activeElement;
}

/**
 * A window above the desk. The scrim is our own element: Radix's overlay locks scrolling with a style element, which the
 * page's CSP forbids and a page that never scrolls does not need.
 */
export function Modal({ title, description, children, onClose, look = 'window', closable = true }: ModalProps) {
  const { t } = useTranslation();
  const opener = useRef<Element | null>(null);

  function handleOpen(event: Event) {
    opener.current = findOpener();
    focusFirst(event);
  }

  // Radix goes back to its own trigger only, and there is none. What has led elsewhere has put the cursor there already.
  function handleClosed(event: Event) {
    event.preventDefault();
    if (document.activeElement === document.body && opener.current instanceof HTMLElement) opener.current.focus();
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && closable && onClose()}>
      <Dialog.Portal>
        <div className={styles.scrim} aria-hidden="true" />
        <Dialog.Content
          className={join(styles.content, styles[look])}
          {...(description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={handleOpen}
          onCloseAutoFocus={handleClosed}
          onInteractOutside={(event) => !closable && event.preventDefault()}
        >
          <header className={styles.header}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            {closable && (
              <Dialog.Close asChild>
                <IconButton label={t('common.close')}>
                  <X size={16} aria-hidden="true" />
                </IconButton>
              </Dialog.Close>
            )}
          </header>
          {description && <Dialog.Description className={styles.description}>{description}</Dialog.Description>}
          <div className={styles.body}>{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
