import { DESKTOP_ORIGIN } from '@tradewind/shared/ipc/origin';
import type { WebFrameMain } from 'electron';
import { isConsolePage } from './navigation.ts';

/** Whether a message comes from the console's page in our window: its main frame, still at the app's own origin. */
export function isOurPage(frame: WebFrameMain | null, mainFrame: WebFrameMain | null): boolean {
  return frame !== null && frame === mainFrame && frame.origin === DESKTOP_ORIGIN && isConsolePage(frame.url);
}
