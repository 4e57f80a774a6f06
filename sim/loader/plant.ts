import type { SourceEdit } from '../mutants/mutant.ts';

/** The source with the bug. @throws Error when the piece is not there exactly once: a mutant must not die quietly. */
export function plantIn(source: string, edit: SourceEdit): string {
  const count = source.split(edit.find).length - 1;
  if (count !== 1) {
    throw new Error(`a mutant needs this exactly once in ${edit.file}, it is there ${count} times:\n${edit.find}`);
  }
  return source.replace(edit.find, () => edit.replace);
}
