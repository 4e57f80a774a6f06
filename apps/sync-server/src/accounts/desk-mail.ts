import { setTimeout as sleep } from 'node:timers/promises';
import { mediumOf } from '@tradewind/shared/channels';
import { toOwnMessage } from '@tradewind/shared/commands/definition';
import { createUuidV7 } from '@tradewind/shared/ids';
import type { Logger } from 'pino';
import type { SendResult } from '../connector.ts';
import type { Db } from '../db/database.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { ConnectedAccount } from './connected-account.ts';
import type { MailText } from './mail-texts.ts';
import { noteSendResult } from './send-health.ts';

export interface DeskMailDeps {
  accounts: Pick<AccountDirectory, 'list'>;
  db: Db;
  log: Logger;
  now: () => number;
  /** Between the tries of one account; tests shorten it. */
  retryDelaysMs?: readonly number[];
}

const RETRY_DELAYS_MS = [2_000, 10_000];
const SEND_TIMEOUT_MS = 15_000;

/**
 * Mails the desk writes by itself: invitations and new passwords. They leave through a connected mail account, but are no
 * conversation, and no effect of the ledger either: a link that is lost with a crash is simply asked for again.
 */
export class DeskMail {
  readonly #deps: DeskMailDeps;
  readonly #delaysMs: readonly number[];
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(deps: DeskMailDeps) {
    this.#deps = deps;
    this.#delaysMs = deps.retryDelaysMs ?? RETRY_DELAYS_MS;
  }

  /** Whether any mail could leave now. */
  canSend(): boolean {
    return this.#senders().length > 0;
  }

  /** Sends in the background. @returns false when there is no account to send through. */
  send(to: { name: string; address: string }, mail: MailText): boolean {
    const senders = this.#senders();
    const running = this.#sendThrough(senders, to, mail).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return senders.length > 0;
  }

  /** Gives up what waits for another try, and lets what is under way end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.settled();
  }

  /** Waits for the mails under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #senders(): ConnectedAccount[] {
    return this.#deps.accounts.list().filter((account) => account.maySend && mediumOf(account.kind) === 'mail');
  }

  /** One account after the other, until one may have taken the mail: an unknown outcome is not repeated (R11). */
  async #sendThrough(
    senders: readonly ConnectedAccount[],
    to: { name: string; address: string },
    mail: MailText,
  ): Promise<void> {
    for (const account of senders) {
      const result = await this.#tryAccount(account, to, mail);
      await this.#noteHealth(account.id, result);
      if (result.status !== 'failed') return;
      const { reason } = result;
      this.#deps.log.warn(
        { event: 'desk-mail.failed', accountId: account.id, kind: reason.kind },
        'a mail of the desk could not be sent through this account',
      );
    }
  }

  async #noteHealth(accountId: string, result: SendResult): Promise<void> {
    try {
      await noteSendResult(this.#deps.db, accountId, result, this.#deps.now());
    } catch (error) {
      this.#deps.log.warn(
        { event: 'desk-mail.health-unknown', accountId, err: error },
        'what a send told was not kept',
      );
    }
  }

  async #tryAccount(
    account: ConnectedAccount,
    to: { name: string; address: string },
    mail: MailText,
  ): Promise<SendResult> {
    const id = createUuidV7(this.#deps.now());
    for (let attempt = 0; ; attempt++) {
      const result = await this.#attempt(account, id, to, mail);
      const delayMs = this.#delaysMs[attempt];
      const again = result.status === 'failed' && result.retryable && delayMs !== undefined;
      if (!again) return result;
      await sleep(delayMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#stop.signal.aborted) return result;
    }
  }

  async #attempt(
    account: ConnectedAccount,
    id: string,
    to: { name: string; address: string },
    mail: MailText,
  ): Promise<SendResult> {
    const externalId = account.createExternalId(id);
    const fields = { id, conversationId: '', channelAccountId: account.id, kind: 'text', status: 'sending' } as const;
    const message = toOwnMessage(
      { ...fields, ...mail, to: [to], externalId, authorType: 'system', authorId: null },
      { agentId: '', nowMs: this.#deps.now() },
    );
    try {
      const outgoing = { message, externalId: externalId ?? id, attachments: [] };
      return await account.send(outgoing, AbortSignal.timeout(SEND_TIMEOUT_MS));
    } catch (error) {
      this.#deps.log.error({ event: 'desk-mail.fault', accountId: account.id, err: error }, 'a connector failed');
      return { status: 'unknown', reason: 'The connector failed while sending.' };
    }
  }
}
