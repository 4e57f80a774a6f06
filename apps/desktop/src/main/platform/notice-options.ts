import type { Notice } from '@tradewind/shared/ipc/bridge';
import type { NotificationConstructorOptions } from 'electron';
import { toToastXml } from './toast.ts';

/**
 * A notice in the form a platform takes.
 *
 * @param link - leads to its conversation, also after a restart.
 */
export function toOptions(notice: Notice, link: string, platform: NodeJS.Platform): NotificationConstructorOptions {
  const { id, title, body, silent, actions } = notice;
  const options = { id, title, body, silent };
  if (platform === 'win32') return { ...options, toastXml: toToastXml(notice, link) };
  // libnotify shows buttons, but their events never come.
  if (platform !== 'darwin') return { ...options, body: escapeMarkup(body) };
  return {
    ...options,
    hasReply: actions.reply !== undefined,
    ...(actions.reply === undefined ? {} : { replyPlaceholder: actions.reply }),
    ...(actions.resolve === undefined ? {} : { actions: [{ type: 'button', text: actions.resolve }] }),
  };
}

/**
 * Linux desktops read the body of a notice (not its title) as markup, and Electron hands it over as it stands.
 *
 * @see https://specifications.freedesktop.org/notification/latest/markup.html
 */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
