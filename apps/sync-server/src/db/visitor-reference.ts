/** The name under which `thread_refs` holds the conversations of a chat's visitor, and `attachments` what he uploaded. */
export function visitorReference(visitorId: string): string {
  return `visitor:${visitorId}`;
}
