import { currentServer } from './platform.ts';

/** Where a file of a message is. Whole, because in the desktop shell the page is not the server's. */
export function toAttachmentUrl(attachmentId: string): string {
  return `${currentServer() ?? ''}/api/attachments/${encodeURIComponent(attachmentId)}`;
}
