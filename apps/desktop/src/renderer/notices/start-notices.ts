import i18next from 'i18next';
import { isFocused, onFocusChange } from '../components/use-focused.ts';
import type { LeadingDesk } from '../desk/desk-runtime.ts';
import { platform } from '../platform/platform.ts';
import { scheduleWithTimers } from '../replication/transport.ts';
import { usePreferences } from '../stores/preferences.ts';
import { navigate } from '../stores/route.ts';
import { useUi } from '../stores/ui.ts';
import { playChime } from './chime.ts';
import { isDeskFocused } from './desk-focus.ts';
import { NoticeBoard } from './notice-board.ts';
import { type Judged, judgedSchema, NoticeFeed } from './notice-feed.ts';
import { toConversationNoticeId, toNoticeText } from './words.ts';

/** Wherever one is, also in the settings with this very conversation behind them. */
export function openFromNotice(conversationId: string): void {
  navigate({ kind: 'desk', conversationId });
}

/** The board of this page; answers given from its notices come back to it. */
export const noticeBoard = new NoticeBoard({
  bridge: platform.bridge,
  actions: () => ({ reply: i18next.t('composer.reply'), resolve: i18next.t('status.resolve') }),
  hasSound: () => usePreferences.getState().noticeSound,
  playSound: () => void playChime(),
  open: openFromNotice,
});

function readJudged(key: string): Judged | null {
  try {
    return judgedSchema.safeParse(JSON.parse(localStorage.getItem(key) ?? 'null')).data ?? null;
  } catch {
    return null; // a hand was at it: begin anew, silently
  }
}

/** An open conversation that somebody looks at needs no notice any more. */
function dismissWhatIsLookedAt(): () => void {
  const dismiss = () => {
    const { conversationId } = useUi.getState();
    if (conversationId !== null && isFocused()) noticeBoard.dismiss(toConversationNoticeId(conversationId));
    if (isFocused()) noticeBoard.dismiss('summary');
  };
  const stops = [useUi.subscribe(dismiss), onFocusChange(dismiss)];
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * Tells the agent what happens while he looks elsewhere. Runs in the leading tab.
 *
 * @param name - of the desk on this device.
 * @returns a function that ends it.
 */
export function startNotices(name: string, desk: LeadingDesk): () => void {
  const { agentId, collections, model, connection, onConnection } = desk;
  const judgedKey = `${name}/judged`;
  const findRow = (id: string) => model.row(id);
  const feed = new NoticeFeed({
    agentId,
    collections,
    findRow,
    connection,
    onConnection,
    judged: {
      read: () => readJudged(judgedKey),
      write: (judged) => localStorage.setItem(judgedKey, JSON.stringify(judged)),
    },
    isFocused: () => isDeskFocused(navigator.locks ?? null, name),
    now: () => Date.now(),
    schedule: scheduleWithTimers,
    show(plans) {
      if (!usePreferences.getState().notices) return;
      const source = { findRow, directory: model.directory, t: i18next.t };
      noticeBoard.show(plans.map((plan) => toNoticeText(plan, source)));
    },
  });
  const stopDismissing = dismissWhatIsLookedAt();
  return () => {
    feed.close();
    stopDismissing();
    noticeBoard.close();
  };
}
