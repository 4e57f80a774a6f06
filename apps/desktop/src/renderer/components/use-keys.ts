import { useEffect, useRef } from 'react';

const TYPING = 'input, textarea, select, [contenteditable="true"]';
/** Elements that answer Enter and the arrow keys themselves: buttons and the like, and what scrolls. */
const OWN_KEYS = 'button, a[href], summary, [role="tab"], [role="separator"], [role="menuitem"], [role="log"]';
const FLOATING = '[role="dialog"], [role="menu"]';

/** True while an input method composes: its Enter and letters are not ours. 229 is what older engines report. */
export function isComposing(event: { isComposing: boolean; keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}

function isOurs(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isComposing(event)) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPING)) return false;
  if (event.key === 'Enter' || event.key.startsWith('Arrow')) {
    if (target?.closest(OWN_KEYS)) return false;
  }
  return document.querySelector(FLOATING) === null;
}

export type Keys = Readonly<Record<string, (() => void) | undefined>>;

/** Single-key shortcuts of the window: silent while somebody types, composes, or a menu or dialog is open. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    function handleKeyDown(event: KeyboardEvent) {
      const action = current.current[event.key];
      if (!action || !isOurs(event)) return;
      event.preventDefault();
      action();
    }
    document.addEventListener('keydown', handleKeyDown);
    return () => document.removeEventListener('keydown', handleKeyDown);
  }, []);
}
