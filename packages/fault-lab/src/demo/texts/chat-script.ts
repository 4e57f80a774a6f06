import { type FileKind, type OrderStage, photoScenes, type Turn } from './scenario.ts';

/** A talk in the website chat. */
export interface ChatScenario {
  tags: readonly string[];
  /** What it can be about (`goods.ts`); anything when missing. */
  fits?: readonly string[];
  /** How far the order has come that it is about; any when missing. */
  when?: OrderStage;
  /** How the customer rates it once it is resolved, 1 to 5; who has no opinion leaves it out. */
  rating?: readonly [score: number, comment: string];
  /** Not over when the last turn is played. */
  goesOn?: boolean;
  turns: readonly Turn[];
}

const speakers = { '>': 'c', '<': 'a', '#': 'n' } as const;
const kinds: readonly FileKind[] = [...photoScenes, 'document', 'table'];

/**
 * Reads a talk written as people see it: `> ` the visitor, `< ` the agent, `# ` a note, one message a line. A line may end
 * in the kind of a file in brackets, `[broken]`; `\n` within it breaks the line.
 */
export function parseScript(script: string): Turn[] {
  return script
    .trim()
    .split('\n')
    .map((line): Turn => {
      const who = speakers[line.charAt(0) as keyof typeof speakers];
      if (!who) throw new RangeError(`a line of a talk begins with ">", "<" or "#": ${line}`);
      const named = /\s*\[(\w+)\]$/.exec(line);
      const file = kinds.find((kind) => kind === named?.[1]);
      const text = (file ? line.slice(1, named?.index) : line.slice(1)).trim().replaceAll('\\n', '\n');
      return file ? [who, text, file] : [who, text];
    });
}
