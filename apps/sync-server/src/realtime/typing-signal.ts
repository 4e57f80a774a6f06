/** Who falls silent has stopped; who types says so again every few seconds. */
const TYPING_LASTS_MS = 8_000;

/** That one person types in one place: begins, goes on, ends by word, by silence, or when the person leaves. */
export class TypingSignal<TPlace> {
  readonly #tell: (place: TPlace, typing: boolean) => void;
  #place: TPlace | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(tell: (place: TPlace, typing: boolean) => void) {
    this.#tell = tell;
  }

  /** @param isSame - whether two places are one; another place ends the first. */
  start(place: TPlace, isSame: (a: TPlace, b: TPlace) => boolean): void {
    if (this.#place !== null && !isSame(this.#place, place)) this.stop();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), TYPING_LASTS_MS);
    this.#place = place;
    this.#tell(place, true);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const place = this.#place;
    this.#place = null;
    if (place !== null) this.#tell(place, false);
  }
}
