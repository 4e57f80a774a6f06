const REPEAT_MS = 3_000;
const IDLE_MS = 5_000;

/**
 * Tells the desk that somebody writes: at once, again every few seconds while it goes on, and when it is over.
 *
 * @returns what to call with every change of the text; `false` when it was sent or emptied.
 */
export function createTypingNotice(tell: (typing: boolean) => void): (typing: boolean) => void {
  let toldAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    if (toldAt !== null) tell(false);
    toldAt = null;
  }

  return (typing) => {
    if (!typing) return stop();
    clearTimeout(timer);
    timer = setTimeout(stop, IDLE_MS);
    const now = performance.now();
    if (toldAt !== null && now - toldAt < REPEAT_MS) return;
    toldAt = now;
    tell(true);
  };
}
