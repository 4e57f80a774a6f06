const HOUR_MS = 3_600_000;
const MORNING_HOUR = 9;

export const snoozeChoices = ['hour', 'tomorrow', 'monday'] as const;
export type SnoozeChoice = (typeof snoozeChoices)[number];

/** The instant a snoozed conversation wakes, in the agent's own time zone. */
export function toWakeTime(choice: SnoozeChoice, nowMs: number): number {
  if (choice === 'hour') return nowMs + HOUR_MS;
  const wake = new Date(nowMs);
  wake.setHours(MORNING_HOUR, 0, 0, 0);
  // Sunday is 0: one day to Monday; on a Monday the next one is meant.
  const days = choice === 'tomorrow' ? 1 : (8 - wake.getDay()) % 7 || 7;
  wake.setDate(wake.getDate() + days);
  return wake.getTime();
}
