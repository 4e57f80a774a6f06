import type { CommandReason } from '@tradewind/shared/protocol/commands';
import { messageStatusSchema } from '@tradewind/shared/schemas/message';
import type { TFunction } from 'i18next';
import { formatShort } from '../../i18n/format.ts';

function toStatusWord(status: string, t: TFunction): string {
  const known = messageStatusSchema.safeParse(status);
  return known.success && known.data !== 'received' ? t(`delivery.${known.data}`) : status;
}

/** Why a command was not carried out, as one sentence that says what to do. */
export function toReasonText(reason: CommandReason, t: TFunction, locale: string): string {
  switch (reason.kind) {
    case 'invalid':
      return t('problems.reason_invalid', {
        detail: reason.errors.map((error) => `${error.path} ${error.message}`).join('; '),
      });
    case 'not-found':
      return t(`problems.reason_not-found_${reason.what}`);
    case 'wrong-state':
      return t('problems.reason_wrong-state', { status: toStatusWord(reason.status, t) });
    case 'too-old':
      return t('problems.reason_too-old', { time: formatShort(reason.at, locale) });
    case 'internal':
      return t('problems.reason_internal', { errorId: reason.errorId });
    default:
      return t(`problems.reason_${reason.kind}`);
  }
}
