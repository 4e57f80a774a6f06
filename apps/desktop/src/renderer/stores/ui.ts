import { create } from 'zustand';
import type { ComposerMode, QueueId } from '../desk/types.ts';

export type DialogName = 'shortcuts' | 'new-conversation' | 'problems' | 'log-out';

interface UiState {
  queue: QueueId;
  /** The row the keyboard stands on; Enter opens it. */
  cursorId: string | null;
  /** The open conversation. */
  conversationId: string | null;
  composerMode: ComposerMode;
  /** Counts the requests to put the cursor into the composer. */
  composerFocus: number;
  dialog: DialogName | null;
  /** The customer panel as a sheet, on windows too narrow for a column. */
  sheetOpen: boolean;
  /** What the new-conversation dialog starts with when a refused one is edited. */
  composeText: string | null;
}

interface UiActions {
  showQueue(queue: QueueId): void;
  moveCursor(id: string): void;
  openConversation(id: string | null): void;
  compose(mode: ComposerMode): void;
  setComposerMode(mode: ComposerMode): void;
  showDialog(dialog: DialogName | null): void;
  startConversation(text: string | null): void;
  setSheetOpen(open: boolean): void;
  reset(): void;
}

const initial: UiState = {
  queue: 'mine',
  cursorId: null,
  conversationId: null,
  composerMode: 'reply',
  composerFocus: 0,
  dialog: null,
  sheetOpen: false,
  composeText: null,
};

/** What is selected, open and focused. Replicated documents never live here. */
export const useUi = create<UiState & UiActions>()((set) => ({
  ...initial,
  showQueue: (queue) => set({ queue, cursorId: null }),
  moveCursor: (cursorId) => set({ cursorId }),
  openConversation: (id) =>
    set(id === null ? { conversationId: null } : { conversationId: id, cursorId: id, composerMode: 'reply' }),
  compose: (composerMode) => set((state) => ({ composerMode, composerFocus: state.composerFocus + 1 })),
  setComposerMode: (composerMode) => set({ composerMode }),
  showDialog: (dialog) => set({ dialog }),
  startConversation: (composeText) => set({ dialog: 'new-conversation', composeText }),
  setSheetOpen: (sheetOpen) => set({ sheetOpen }),
  reset: () => set(initial),
}));
