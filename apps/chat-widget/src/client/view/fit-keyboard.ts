/**
 * Phones lay their keyboard over the page and move what is behind it; the sheet takes the part that is left, so that its
 * header stays in sight. Set on the element by script, which policies about inline styles allow.
 */
export function fitKeyboard(panel: HTMLElement): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    // Zoomed in by hand, the part that is seen says nothing about the keyboard.
    const zoomed = viewport.scale > 1.01;
    panel.style.setProperty('--tw-top', zoomed ? '0px' : `${viewport.offsetTop}px`);
    panel.style.setProperty('--tw-height', zoomed ? 'auto' : `${viewport.height}px`);
  };
  viewport.addEventListener('resize', fit);
  viewport.addEventListener('scroll', fit);
}
