const REDRAW_MS = 200;

/** A line that is drawn over where somebody looks on; elsewhere (a timer's log) nothing is written. */
export class ProgressLine {
  readonly #output: NodeJS.WriteStream;
  #drawnAt = 0;
  #isShown = false;

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  show(text: string): void {
    if (!this.#output.isTTY || Date.now() - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = Date.now();
    this.#isShown = true;
    this.#output.write(`\r\u001b[K${text}`);
  }

  clear(): void {
    if (this.#isShown) this.#output.write('\r\u001b[K');
    this.#isShown = false;
    this.#drawnAt = 0;
  }
}

/** `12 MB`, as people say it. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function formatCount(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
