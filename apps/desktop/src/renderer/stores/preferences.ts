import { z } from 'zod';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { changeLanguage, resolveLanguage, uiLanguages } from '../i18n/i18n.ts';

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];
export const languageChoices = ['auto', ...uiLanguages] as const;
export type LanguageChoice = (typeof languageChoices)[number];

/** Widths a pane may have, in CSS pixels. */
export const paneLimits = {
  queues: { min: 168, max: 320, initial: 220 },
  list: { min: 260, max: 560, initial: 340 },
  panel: { min: 260, max: 520, initial: 320 },
} as const;
export type PaneName = keyof typeof paneLimits;

const savedSchema = z.object({
  language: z.enum(languageChoices).catch('auto'),
  theme: z.enum(themes).catch('system'),
  queuesOpen: z.boolean().catch(true),
  panelOpen: z.boolean().catch(true),
  /** Say what happens while the agent looks elsewhere; a browser must have allowed it as well. */
  notices: z.boolean().catch(true),
  noticeSound: z.boolean().catch(true),
  /** What plain http keeps from the console was read. */
  limitsDismissed: z.boolean().catch(false),
  widths: z
    .object({ queues: z.number(), list: z.number(), panel: z.number() })
    .catch({ queues: paneLimits.queues.initial, list: paneLimits.list.initial, panel: paneLimits.panel.initial }),
});

export interface Preferences extends z.infer<typeof savedSchema> {
  setLanguage(language: LanguageChoice): void;
  setTheme(theme: Theme): void;
  toggleQueues(): void;
  togglePanel(): void;
  setNotices(notices: boolean): void;
  setNoticeSound(noticeSound: boolean): void;
  dismissLimits(): void;
  setWidth(pane: PaneName, width: number): void;
}

export function clampWidth(pane: PaneName, width: number): number {
  const { min, max } = paneLimits[pane];
  return Math.round(Math.min(max, Math.max(min, width)));
}

/** How this window looks, remembered on this device for whoever uses it; no replicated data. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      ...savedSchema.parse({}),
      setLanguage: (language) => set({ language }),
      setTheme: (theme) => set({ theme }),
      toggleQueues: () => set((state) => ({ queuesOpen: !state.queuesOpen })),
      setNotices: (notices) => set({ notices }),
      setNoticeSound: (noticeSound) => set({ noticeSound }),
      togglePanel: () => set((state) => ({ panelOpen: !state.panelOpen })),
      dismissLimits: () => set({ limitsDismissed: true }),
      setWidth: (pane, width) => set((state) => ({ widths: { ...state.widths, [pane]: clampWidth(pane, width) } })),
    }),
    {
      name: 'tradewind.preferences',
      partialize: ({ language, theme, queuesOpen, panelOpen, notices, noticeSound, limitsDismissed, widths }) => ({
        language,
        theme,
        queuesOpen,
        panelOpen,
        notices,
        noticeSound,
        limitsDismissed,
        widths,
      }),
      // Another version, or a hand, may have written anything there.
      merge: (saved, current) => ({ ...current, ...savedSchema.parse(saved ?? {}) }),
    },
  ),
);

export function currentLanguage() {
  return resolveLanguage(usePreferences.getState().language, navigator.languages);
}

function applyTheme(theme: Theme, wantsContrast: boolean): void {
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  else delete root.dataset.theme;
  if (theme === 'contrast' || wantsContrast) root.dataset.contrast = 'more';
  else delete root.dataset.contrast;
}

/** Keeps the document's theme and language in step with the preferences and the system. */
export function followPreferences(): void {
  const contrast = window.matchMedia('(prefers-contrast: more)');
  const apply = () => {
    applyTheme(usePreferences.getState().theme, contrast.matches);
    void changeLanguage(currentLanguage());
  };
  apply();
  usePreferences.subscribe(apply);
  contrast.addEventListener('change', apply);
  window.addEventListener('languagechange', apply);
}
