import type { CommandReason, CommandResult } from '@tradewind/shared/protocol/commands';
import type { AuditEntry } from '../audit/audit.ts';
import type { ChangeEntry } from '../replication/change-log.ts';
import type { HeldCommand } from './held-command.ts';

/** What became of a command, its documents already written. */
export interface Decision {
  result: Pick<CommandResult, 'status' | 'messageId' | 'conversationId' | 'reason'>;
  entries: ChangeEntry[];
  effects: boolean;
  /** What the audit row says beyond who and when; refused commands name only themselves. */
  audit: Pick<AuditEntry, 'target' | 'before' | 'after'> | null;
  /** `createdSeq` of the newest message its author had seen (R10); null when he did not say. */
  seenSeq: number | null;
  /** The held command it answers. */
  answers: Answer | null;
}

export interface Answer {
  held: HeldCommand;
  /** Sends after all what it asked for, or gives it up. */
  how: 'send' | 'discard';
}

export function refuse(
  reason: CommandReason,
  more: { status?: 'rejected' | 'held'; conversationId?: string | null } & Partial<
    Pick<Decision, 'seenSeq' | 'answers'>
  > = {},
): Decision {
  const { status = 'rejected', conversationId = null, seenSeq = null, answers = null } = more;
  return {
    result: { status, ...(conversationId === null ? {} : { conversationId }), reason },
    entries: [],
    effects: false,
    audit: null,
    seenSeq,
    answers,
  };
}

/** The held command that one waits for, or null when it asks for itself. */
export function heldForOf({ status, reason }: Pick<CommandResult, 'status' | 'reason'>): string | null {
  return status === 'held' && reason?.kind === 'after-held' ? reason.commandId : null;
}
