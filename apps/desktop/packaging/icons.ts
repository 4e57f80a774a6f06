import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawIcon } from '../src/main/icons/draw-icon.ts';
import { encodePng } from './png.ts';

/** From this one electron-builder makes the .icns and .ico; macOS wants 1024 pixels. */
const SIZE = 1_024;

/** Draws the app's icon into the folder. */
export function writeIcons(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'icon.png'), encodePng(drawIcon(SIZE, { kind: 'app' })));
}
