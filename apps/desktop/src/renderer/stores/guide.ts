import { z } from 'zod';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const guideSteps = ['admin', 'desk', 'mailbox', 'shop', 'chat', 'people', 'try'] as const;
export type GuideStep = (typeof guideSteps)[number];

const marksSchema = z.object({
  /** Steps put off. */
  skipped: z.array(z.enum(guideSteps)).catch([]),
  /** The desk's name and time zone were looked at. */
  deskSaved: z.boolean().catch(false),
  started: z.boolean().catch(false),
  /** Nobody wants to be reminded any more. */
  closed: z.boolean().catch(false),
});
export type GuideMarks = z.infer<typeof marksSchema>;

const savedSchema = z.object({ byServer: z.record(z.string(), marksSchema).catch({}) });
const NONE: GuideMarks = marksSchema.parse({});

interface GuideStore {
  byServer: Readonly<Record<string, GuideMarks>>;
  mark(server: string, change: Partial<GuideMarks>): void;
}

/** What the first steps of a desk cannot be told by the server: what was put off, and that one is through. On this device. */
export const useGuideStore = create<GuideStore>()(
  persist(
    (set) => ({
      byServer: {},
      mark: (server, change) =>
        set(({ byServer }) => ({ byServer: { ...byServer, [server]: { ...(byServer[server] ?? NONE), ...change } } })),
    }),
    {
      name: 'tradewind.guide',
      partialize: ({ byServer }) => ({ byServer }),
      // Another version, or a hand, may have written anything there.
      merge: (saved, current) => ({ ...current, ...savedSchema.parse(saved ?? {}) }),
    },
  ),
);

export function useGuideMarks(server: string): GuideMarks {
  return useGuideStore((state) => state.byServer[server] ?? NONE);
}
