import { z } from 'zod';

const edge = z.number().int().min(-100_000).max(100_000);
const length = z.number().int().min(1).max(100_000);
const boundsSchema = z.object({ x: edge, y: edge, width: length, height: length });
/** Where the window stood, in density-independent pixels; the bounds are those before it was maximised. */
export const windowStateSchema = boundsSchema.extend({ maximized: z.boolean() });
export type WindowState = z.infer<typeof windowStateSchema>;
export type Bounds = z.infer<typeof boundsSchema>;

export const SMALLEST = { width: 720, height: 480 };
const USUAL = { width: 1440, height: 900 };
/** As much of the title bar must be on a screen as a hand needs to move the window. */
const VISIBLE = { width: 120, height: 40 };

/**
 * Where a new window opens: as it stood, when that is on a display that is there now; else in the middle of the first.
 *
 * @param workAreas - of the displays, the primary first.
 */
export function placeWindow(saved: WindowState | null, workAreas: readonly Bounds[]): Partial<Bounds> & typeof USUAL {
  const [primary] = workAreas;
  const home = saved === null ? undefined : workAreas.find((area) => isReachable(saved, area));
  const area = home ?? primary;
  const size = {
    width: clamp(saved?.width ?? USUAL.width, SMALLEST.width, area?.width),
    height: clamp(saved?.height ?? USUAL.height, SMALLEST.height, area?.height),
  };
  return saved !== null && home ? { x: saved.x, y: saved.y, ...size } : size;
}

function isReachable(window: Bounds, area: Bounds): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const isTopInside = window.y >= area.y && window.y + VISIBLE.height <= area.y + area.height;
  return isTopInside && width >= VISIBLE.width;
}

function clamp(value: number, min: number, max = Number.POSITIVE_INFINITY): number {
  return Math.max(min, Math.min(value, max));
}
