/** Events of typing and scrolling in the chat stay in it: the page's shortcuts and scroll effects are not for them. */
const KEPT_INSIDE = [
  'keydown',
  'keyup',
  'keypress',
  'beforeinput',
  'input',
  'compositionstart',
  'compositionend',
  'copy',
  'cut',
  'paste',
  'focusin',
  'focusout',
  'wheel',
  'touchmove',
] as const;

/** A page that removes the chat more often than this in ten seconds means it, and is not fought. */
const MOST_REPAIRS = 20;
const REPAIRS_WINDOW_MS = 10_000;

export interface Host {
  readonly root: ShadowRoot;
  show(): void;
  hide(): void;
}

/**
 * Makes the element that holds the chat. It stands beside the body, where a page that replaces its body does not touch it;
 * should it be removed after all, it comes back as it was.
 *
 * `popover` puts it in the top layer: above every z-index, and not moved by a transform of the page.
 */
export function createHost(): Host {
  const host = document.createElement('tradewind-chat');
  host.setAttribute('popover', 'manual');
  const root = host.attachShadow({ mode: 'open' });
  for (const type of KEPT_INSIDE) root.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  let stop: (() => void) | null = null;
  return {
    root,
    show() {
      if (stop !== null) return;
      attach(host);
      stop = keepAttached(host);
    },
    hide() {
      stop?.();
      stop = null;
      host.remove();
    },
  };
}

function attach(host: HTMLElement): void {
  document.documentElement.append(host);
  try {
    host.showPopover?.();
  } catch {
    // No top layer here: the highest z-index has to do.
  }
}

function keepAttached(host: HTMLElement): () => void {
  let repairs = 0;
  let since = 0;
  const observer = new MutationObserver(() => {
    if (host.isConnected || !document.documentElement) return;
    const now = performance.now();
    if (now - since > REPAIRS_WINDOW_MS) {
      since = now;
      repairs = 0;
    }
    repairs++;
    if (repairs > MOST_REPAIRS) return observer.disconnect();
    attach(host);
    watch();
  });
  const watch = () => {
    observer.disconnect();
    observer.observe(document, { childList: true });
    observer.observe(document.documentElement, { childList: true });
  };
  watch();
  return () => observer.disconnect();
}
