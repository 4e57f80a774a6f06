import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants/all.ts';

/** What shows that the simulation itself works: seeds that must be clean, and mutants on the seeds recorded for them. 0: all is as it must be. */
const CLEAN_SEEDS = [1, 2, 3, 4];
const AT_ONCE = 2;
const LIMIT_MS = 180_000;
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));

interface Run {
  name: string;
  args: string[];
  /** The exit code that it must have: a mutant must fail. */
  expected: number;
}

const recorded = mutants.filter(({ seeds }) => seeds.length > 0);
const runs: Run[] = [
  ...recorded.map(({ name }) => ({ name: `mutant ${name}`, args: ['--mutant', name, '--recorded'], expected: 1 })),
  ...CLEAN_SEEDS.map((seed) => ({ name: `clean seed ${seed}`, args: ['--seed', String(seed)], expected: 0 })),
];

const wrong: string[] = [];
const left = [...runs];
await Promise.all(Array.from({ length: AT_ONCE }, work));
const verdict = wrong.length === 0 ? 'ok' : `wrong: ${wrong.join(', ')}`;
process.stdout.write(`simulation: ${recorded.length} mutants and ${CLEAN_SEEDS.length} clean seeds: ${verdict}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let next = left.shift(); next; next = left.shift()) {
    const startedAt = performance.now();
    const { code, output } = await start(next.args);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const isRight = code === next.expected;
    if (!isRight) wrong.push(next.name);
    process.stdout.write(`${isRight ? 'ok    ' : 'FAILED'} ${next.name} (${seconds} s)\n${isRight ? '' : output}`);
  }
}

function start(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [RUN, ...args, '--no-minimise'], { timeout: LIMIT_MS });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
