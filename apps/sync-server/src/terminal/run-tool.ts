import { type Config, parseConfig } from '../config/config.ts';
import { describeFailure } from '../launch/failure.ts';
import { listenForStop } from '../launch/stop-request.ts';
import { ProgressLine } from './progress.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a tool is given to work with. */
export interface ToolContext<TFlags> {
  flags: TFlags;
  config: Config;
  /** Aborted by Ctrl-C or a service manager: leave nothing half done. */
  signal: AbortSignal;
  progress: ProgressLine;
  say: (line: string) => void;
}

const INTERRUPTED = 130;

/**
 * Runs a tool of the terminal: what fails is one sentence on standard error.
 *
 * @param main - resolves with the exit code.
 * @returns the process's exit code: that of `main`, 1 when it failed, 130 when it was interrupted.
 */
export async function runTool<TFlags extends { data: string | null }>(
  env: Environment,
  argv: readonly string[],
  parseFlags: (argv: readonly string[]) => TFlags,
  main: (tools: ToolContext<TFlags>) => Promise<number>,
): Promise<number> {
  const signal = listenForStop(() => process.exit(INTERRUPTED));
  const progress = new ProgressLine(process.stdout);
  const say = (line: string) => {
    progress.clear();
    process.stdout.write(`${line}\n`);
  };
  let config: Config | null = null;
  try {
    const flags = parseFlags(argv);
    config = parseConfig(env, ['--no-demo', ...(flags.data === null ? [] : [`--data=${flags.data}`])]);
    return await main({ flags, config, signal, progress, say });
  } catch (error) {
    progress.clear();
    const sentence = signal.aborted
      ? 'Interrupted: nothing half done was left behind.'
      : describeFailure(error, config, 'It did not work');
    process.stderr.write(`${sentence}\n`);
    return signal.aborted ? INTERRUPTED : 1;
  }
}
