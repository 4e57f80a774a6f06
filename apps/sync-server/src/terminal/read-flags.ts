/**
 * Reads what was typed behind a command.
 *
 * @param usage - how the command is written.
 * @throws Error in one sentence with what is wrong and the usage.
 */
export function readFlags<TFlags>(usage: string, parse: () => TFlags): TFlags {
  try {
    return parse();
  } catch (error) {
    // `parseArgs` adds advice about `--` in a second sentence, which helps nobody here.
    const reason = error instanceof Error ? (error.message.split('.')[0] ?? '') : '';
    throw new Error(`${reason} (usage: ${usage}).`, { cause: error });
  }
}
