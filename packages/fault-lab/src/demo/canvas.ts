import { encodePng } from './png.ts';

export type Colour = readonly [red: number, green: number, blue: number];
export type Point = readonly [x: number, y: number];

export interface Shape {
  /** How far a point lies inside (negative) or outside of it, in pixels. */
  distance(x: number, y: number): number;
  /** What it keeps within: nothing else has to be looked at. */
  box: readonly [left: number, top: number, right: number, bottom: number];
}

export function ellipse(cx: number, cy: number, rx: number, ry: number): Shape {
  return {
    distance: (x, y) => (Math.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2) - 1) * Math.min(rx, ry),
    // The distance above grows slowly along the longer side, so a soft edge reaches further there.
    box: [cx - 2 * rx, cy - 2 * ry, cx + 2 * rx, cy + 2 * ry],
  };
}

function toBox(points: readonly Point[], margin: number): Shape['box'] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs) - margin, Math.min(...ys) - margin, Math.max(...xs) + margin, Math.max(...ys) + margin];
}

/** A line through points, with a width. */
export function stroke(points: readonly Point[], width: number): Shape {
  return { distance: (x, y) => distanceToLine(points, x, y) - width / 2, box: toBox(points, width) };
}

export function polygon(points: readonly Point[]): Shape {
  const [first] = points;
  const outline = first ? [...points, first] : points;
  return {
    distance: (x, y) => distanceToLine(outline, x, y) * (isInside(points, x, y) ? -1 : 1),
    box: toBox(points, 1),
  };
}

function distanceToLine(points: readonly Point[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let [previous] = points;
  for (const point of points) {
    const [ax, ay] = previous ?? point;
    const [dx, dy] = [point[0] - ax, point[1] - ay];
    const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    nearest = Math.min(nearest, (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2);
    previous = point;
  }
  return Math.sqrt(nearest);
}

function isInside(points: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  let previous = points.at(-1);
  for (const point of points) {
    if (previous && point[1] > y !== previous[1] > y) {
      const crossing = ((previous[0] - point[0]) * (y - point[1])) / (previous[1] - point[1]) + point[0];
      if (x < crossing) inside = !inside;
    }
    previous = point;
  }
  return inside;
}

/** A picture made of shapes, one over the other, with soft edges and the light from the upper left. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  #pixels: Float32Array;

  constructor(width: number, height: number, top: Colour, bottom: Colour) {
    this.width = width;
    this.height = height;
    this.#pixels = new Float32Array(width * height * 3);
    this.fill({ distance: () => -9, box: [0, 0, width, height] }, top, { bottom });
  }

  /** `bottom` shades the shape downwards; `opacity` lets what lies below shine through; `blur` softens the edge, in pixels. */
  fill(shape: Shape, colour: Colour, options: { bottom?: Colour; opacity?: number; blur?: number } = {}): void {
    const { bottom = colour, opacity = 1, blur = 1 } = options;
    const [left, top, right, under] = shape.box;
    const [fromX, toX] = [Math.max(0, Math.floor(left - blur)), Math.min(this.width, Math.ceil(right + blur))];
    const [fromY, toY] = [Math.max(0, Math.floor(top - blur)), Math.min(this.height, Math.ceil(under + blur))];
    for (let y = fromY; y < toY; y++) {
      const down = y / this.height;
      for (let x = fromX; x < toX; x++) {
        const cover = Math.max(0, Math.min(1, 0.5 - shape.distance(x, y) / blur)) * opacity;
        if (cover === 0) continue;
        const at = (y * this.width + x) * 3;
        for (let channel = 0; channel < 3; channel++) {
          const wanted = (colour[channel] ?? 0) * (1 - down) + (bottom[channel] ?? 0) * down;
          const lit = wanted * (1.06 - (0.12 * x) / this.width);
          this.#pixels[at + channel] = (this.#pixels[at + channel] ?? 0) * (1 - cover) + lit * cover;
        }
      }
    }
  }

  toPng(): Buffer {
    return encodePng(this.width, this.height, new Uint8ClampedArray(this.#pixels));
  }
}
