/** One exact piece of a source file, and what stands there instead. */
export interface SourceEdit {
  /** From the root of the repository. A migration (`.sql`) is changed in the database it made. */
  file: string;
  /** Must stand there exactly once. */
  find: string;
  replace: string;
}

/** A known bug, planted when the product is loaded, that the simulation must notice. */
export interface Mutant {
  name: string;
  /** What goes wrong with it, and which rule that breaks. */
  breaks: string;
  edits: readonly SourceEdit[];
  /** CI runs them one after the other until one notices it. None: no seed is known that does. */
  seeds: readonly number[];
}
