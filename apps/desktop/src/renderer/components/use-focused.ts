import { useSyncExternalStore } from 'react';

/** True while somebody works in this window: it has the keyboard and is in sight. */
export function isFocused(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/** Calls back when the window may have come into or out of use. Returns a function that ends it. */
export function onFocusChange(listener: () => void): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener('focus', listener, { signal });
  window.addEventListener('blur', listener, { signal });
  document.addEventListener('visibilitychange', listener, { signal });
  return () => abort.abort();
}

export function useFocused(): boolean {
  return useSyncExternalStore(onFocusChange, isFocused);
}
