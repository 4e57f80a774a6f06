import { isFocused, onFocusChange } from '../components/use-focused.ts';

const toLockName = (desk: string) => `${desk}/focus`;

/**
 * Holds a shared lock for as long as somebody works in this window, so that the tab which shows notices can tell. A lock,
 * because the browser gives it back whatever happens to the tab.
 *
 * @param locks - null on a plain-http address: there every tab speaks for itself.
 * @returns a function that ends it.
 */
export function holdFocus(locks: LockManager | null, desk: string): () => void {
  if (!locks) return () => undefined;
  let letGo: (() => void) | null = null;
  const follow = () => {
    if (!isFocused()) {
      letGo?.();
      letGo = null;
    } else if (!letGo) {
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      void locks.request(toLockName(desk), { mode: 'shared' }, () => held);
    }
  };
  follow();
  const stop = onFocusChange(follow);
  return () => {
    stop();
    letGo?.();
  };
}

/** Whether somebody works in any window of this desk. */
export async function isDeskFocused(locks: LockManager | null, desk: string): Promise<boolean> {
  if (isFocused() || !locks) return isFocused();
  const { held } = await locks.query();
  return held?.some(({ name }) => name === toLockName(desk)) ?? false;
}
