import type { Notice } from '@tradewind/shared/ipc/bridge';

/**
 * A toast of Windows as XML. It is activated by our link, so that a click in the notification centre finds the
 * conversation also when the app has ended since.
 *
 * @see https://learn.microsoft.com/windows/apps/design/shell/tiles-and-notifications/toast-schema
 */
export function toToastXml({ title, body, silent }: Notice, link: string): string {
  return [
    `<toast activationType="protocol" launch="${escapeXml(link)}">`,
    `<visual><binding template="ToastGeneric"><text>${escapeXml(title)}</text><text>${escapeXml(body)}</text></binding></visual>`,
    silent ? '<audio silent="true"/>' : '',
    '</toast>',
  ].join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  // Control characters are no XML at all, whatever they are written as.
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
