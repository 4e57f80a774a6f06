/** Drawn pixels, RGBA, not premultiplied, row by row. */
export interface Picture {
  size: number;
  pixels: Uint8Array;
}

type Rgb = readonly [red: number, green: number, blue: number];
/** The distance in units of the 32 × 32 mark from a point to the edge of a shape; negative inside. */
type Shape = (x: number, y: number) => number;

const ACCENT: Rgb = [0x0a, 0x72, 0x6d];
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const ALERT: Rgb = [0xb3, 0x26, 0x1e];
const AWAY: Rgb = [0x75, 0x83, 0x82];
const MARK = 32;
const STROKE = 2.6;

/** Digits three wide and five high, a row per character, and the plus of "9+". */
const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  '0': ['111', '101', '101', '101', '111'],
  '1': ['010', '110', '010', '010', '111'],
  '2': ['111', '001', '111', '100', '111'],
  '3': ['111', '001', '111', '001', '111'],
  '4': ['101', '101', '111', '001', '001'],
  '5': ['111', '100', '111', '001', '111'],
  '6': ['111', '100', '111', '101', '111'],
  '7': ['111', '001', '010', '010', '010'],
  '8': ['111', '101', '111', '101', '111'],
  '9': ['111', '101', '111', '001', '111'],
  '+': ['000', '010', '111', '010', '000'],
};

function roundedSquare(radius: number): Shape {
  const half = MARK / 2;
  return (x, y) => {
    const dx = Math.abs(x - half) - half + radius;
    const dy = Math.abs(y - half) - half + radius;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

function disc(centreX: number, centreY: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - centreX, y - centreY) - radius;
}

/** A horizontal line. */
function line(fromX: number, toX: number, atY: number): Shape {
  return (x, y) => Math.hypot(x - Math.min(Math.max(x, fromX), toX), y - atY) - STROKE / 2;
}

/** Part of a circle, clockwise on the screen from one angle to the other, in radians. */
function arc(centreX: number, centreY: number, radius: number, from: number, to: number): Shape {
  const end = (angle: number): Shape =>
    disc(centreX + radius * Math.cos(angle), centreY + radius * Math.sin(angle), STROKE / 2);
  const first = end(from);
  const last = end(to);
  return (x, y) => {
    const turn = (Math.atan2(y - centreY, x - centreX) - from + 4 * Math.PI) % (2 * Math.PI);
    if (turn > to - from) return Math.min(first(x, y), last(x, y));
    return Math.abs(Math.hypot(x - centreX, y - centreY) - radius) - STROKE / 2;
  };
}

/** The three winds of favicon.svg, whose arcs end where the file says. */
const WINDS: readonly Shape[] = [
  line(7, 17.5, 12.5),
  arc(17.5, 9.25, 3.25, Math.PI * 1.095, Math.PI * 2.5),
  line(7, 22, 17),
  arc(22, 20.4, 3.4, Math.PI * 1.5, Math.PI * 2.895),
  line(7, 13.5, 21.5),
];

export type IconStyle =
  /** The app's own icon. */
  | { kind: 'app' }
  /** In the tray; `count` of unread conversations, away in grey. */
  | { kind: 'tray'; count: number; away: boolean }
  /** In the macOS menu bar, which takes only the shape and colours it. */
  | { kind: 'template' }
  /** The number alone, over the taskbar's icon. */
  | { kind: 'count'; count: number };

/**
 * Draws the icon.
 *
 * @param size - width and height in pixels.
 */
export function drawIcon(size: number, style: IconStyle): Picture {
  const picture: Picture = { size, pixels: new Uint8Array(size * size * 4) };
  if (style.kind === 'template') {
    for (const wind of WINDS) paint(picture, wind, BLACK);
  } else if (style.kind === 'count') {
    paintCount(picture, style.count, { x: 16, y: 16, radius: 16 });
  } else {
    paint(picture, roundedSquare(8), style.kind === 'tray' && style.away ? AWAY : ACCENT);
    for (const wind of WINDS) paint(picture, wind, WHITE);
    if (style.kind === 'tray' && style.count > 0) paintCount(picture, style.count, { x: 22, y: 22, radius: 10 });
  }
  return picture;
}

function paint({ size, pixels }: Picture, shape: Shape, colour: Rgb): void {
  const scale = MARK / size;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const distance = shape((column + 0.5) * scale, (row + 0.5) * scale) / scale;
      const cover = Math.min(1, Math.max(0, 0.5 - distance));
      if (cover > 0) blend(pixels, (row * size + column) * 4, colour, cover);
    }
  }
}

function blend(pixels: Uint8Array, at: number, colour: Rgb, cover: number): void {
  const below = (pixels[at + 3] ?? 0) / 255;
  const alpha = cover + below * (1 - cover);
  for (const [channel, value] of colour.entries()) {
    const old = pixels[at + channel] ?? 0;
    pixels[at + channel] = Math.round((value * cover + old * below * (1 - cover)) / alpha);
  }
  pixels[at + 3] = Math.round(alpha * 255);
}

function paintCount(picture: Picture, count: number, { x, y, radius }: { x: number; y: number; radius: number }): void {
  paint(picture, disc(x, y, radius), ALERT);
  const text = count > 9 ? '9+' : String(count);
  const columns = text.length * 4 - 1;
  const dot = (radius * 1.15) / Math.max(5, columns);
  for (const [index, character] of [...text].entries()) {
    for (const [row, bits] of (GLYPHS[character] ?? []).entries()) {
      for (const [column, bit] of [...bits].entries()) {
        if (bit === '0') continue;
        const left = x + (index * 4 + column - columns / 2) * dot;
        const top = y + (row - 2.5) * dot;
        paint(picture, box(left, top, dot), WHITE);
      }
    }
  }
}

function box(left: number, top: number, side: number): Shape {
  return (x, y) => Math.max(Math.abs(x - left - side / 2), Math.abs(y - top - side / 2)) - side / 2;
}

/** As `nativeImage.createFromBitmap` wants it: BGRA, premultiplied. */
export function toBitmap({ pixels }: Picture): Buffer {
  const bitmap = Buffer.alloc(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      bitmap[at + 2 - channel] = Math.round(((pixels[at + channel] ?? 0) * alpha) / 255);
    }
    bitmap[at + 3] = alpha;
  }
  return bitmap;
}
