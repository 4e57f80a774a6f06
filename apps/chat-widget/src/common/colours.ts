/** Colours that follow from the account's accent, all `#rrggbb`. */
export interface Palette {
  accent: string;
  /** Readable on the accent. */
  onAccent: string;
  /** The accent itself, or as near to it as reads well as text on the surface. */
  accentText: string;
  /** Separates the accent from the surface where the two are nearly alike. */
  edge: string;
}

const READABLE = 4.5;

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export function toPalette(accent: string, surface: string, line: string): Palette {
  const onAccent = contrast(accent, '#ffffff') >= READABLE ? '#ffffff' : '#000000';
  const towards = luminance(surface) > 0.4 ? 0 : 255;
  let accentText = accent;
  for (let step = 1; contrast(accentText, surface) < READABLE && step <= 20; step++) {
    accentText = mix(accent, towards, step / 20);
  }
  return { accent, onAccent, accentText, edge: contrast(accent, surface) < 1.4 ? line : accent };
}

function toChannels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function luminance(colour: string): number {
  const [red, green, blue] = toChannels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(colour: string, target: number, share: number): string {
  const parts = toChannels(colour).map((value) => Math.round(value + (target - value) * share));
  return `#${parts.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
