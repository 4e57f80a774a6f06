/**
 * Puts text on the clipboard. Where the page has no clipboard of its own (plain http off localhost) the older way is
 * tried, which needs a selection.
 *
 * @returns whether it is there.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'hidden-visually';
  // Inside the open dialog, if any: its focus trap would take the selection away.
  (before?.closest('[role="dialog"]') ?? document.body).append(field);
  field.select();
  // Deprecated, and the only way without a secure context.
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
