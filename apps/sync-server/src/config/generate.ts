import { readFile, writeFile } from 'node:fs/promises';
import { variables } from './variables.ts';

const ROOT = new URL('../../../../', import.meta.url);
const TABLE = /<!-- variables: begin -->[\s\S]*<!-- variables: end -->/;

/** Files made from the schema: what they must contain, given what they contain now. */
export async function generateFiles(): Promise<{ url: URL; content: string }[]> {
  const docs = new URL('docs/configuration.md', ROOT);
  const text = await readFile(docs, 'utf8');
  return [
    { url: new URL('.env.example', ROOT), content: toEnvExample() },
    {
      url: docs,
      content: text.replace(TABLE, () => `<!-- variables: begin -->\n${toTable()}<!-- variables: end -->`),
    },
  ];
}

function describe(): { name: string; description: string; shown: string }[] {
  return Object.entries(variables).map(([name, schema]) => {
    const meta = schema.meta() ?? {};
    return { name, description: meta.description ?? '', shown: typeof meta.shown === 'string' ? meta.shown : '' };
  });
}

function toEnvExample(): string {
  const entries = describe().map(({ name, description, shown }) =>
    [`# ${description}`, ...(shown ? [`# Default: ${shown}`] : []), `#${name}=`, ''].join('\n'),
  );
  return `# Made by apps/sync-server/src/config/generate.ts from the config schema. Every variable is optional.\n\n${entries.join('\n')}`;
}

function toTable(): string {
  const rows = describe().map(({ name, description, shown }) => `| \`${name}\` | ${description} | ${shown || '–'} |`);
  return ['| Variable | What it does | Default |', '|--|--|--|', ...rows, ''].join('\n');
}

if (import.meta.main) {
  for (const { url, content } of await generateFiles()) await writeFile(url, content);
}
