import type { Account } from '../../desk/api/accounts.ts';
import { currentServer } from '../../platform/platform.ts';

/** The line that puts the chat on a website. */
export function toScriptTag(account: Pick<Account, 'id' | 'webhookUrl'>): string {
  return `<script src="${new URL('/chat/widget.js', account.webhookUrl)}" data-account="${account.id}" async></script>`;
}

/**
 * A page of this desk with the chat in it, to try it before it is on the website. It is the address one works at, which
 * the guide lets show the chat, and not the public one.
 */
export function toPreviewAddress(account: Pick<Account, 'id'>): string {
  const url = new URL('/chat-preview.html', currentServer() ?? window.location.origin);
  url.searchParams.set('account', account.id);
  return url.href;
}
