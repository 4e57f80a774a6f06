/** Where a file of a message is: at the page's own origin, also in the desktop app, which hands the request on. */
export function toAttachmentUrl(attachmentId: string): string {
  return `/api/attachments/${encodeURIComponent(attachmentId)}`;
}
