import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const shared = 'packages/shared/src';
const server = 'apps/sync-server/src';
const desktop = 'apps/desktop/src';
const renderer = `${desktop}/renderer`;
const widget = 'apps/chat-widget/src';

/** Folder or file of the importer, what it imports, and words of the sentence that refuses it (null: allowed). */
type Case = [importer: string, specifier: string, refusal: string | null];

const cases: Case[] = [
  [`${shared}/commands`, '@tradewind/sync-server/src/main', 'nothing of ours'],
  [`${shared}/commands`, '../../../../apps/desktop/src/x.ts', 'nothing of ours'],
  [`${shared}/commands/x.test.ts`, '@tradewind/fault-lab/src/lab', 'nothing of ours'],
  [`${shared}/commands`, 'node:fs', 'is pure'],
  [`${shared}/protocol`, 'pino', 'is pure'],
  [`${shared}/protocol`, 'zod', null],
  [`${shared}/protocol`, '../schemas/order.ts', null],
  [`${shared}/protocol/x.test.ts`, 'node:crypto', null],

  ['packages/fault-lab/src/mailgun', '@tradewind/sync-server/src/connector.ts', 'over HTTP only'],
  ['packages/fault-lab/src/mailgun', '../../../../apps/sync-server/src/connector.ts', 'over HTTP only'],
  ['packages/fault-lab/src/mailgun', '@tradewind/shared/ids', null],
  ['packages/fault-lab/src/demo', '@tradewind/shared/testing/random', null],

  [`${server}/http`, '@tradewind/desktop/src/x.ts', 'Apps never import each other'],
  [`${server}/http`, '../../../desktop/src/renderer/desk/types.ts', 'Apps never import each other'],
  [`${server}/http/x.test.ts`, '@tradewind/desktop/src/x.ts', 'Apps never import each other'],
  [`${renderer}/desk`, '@tradewind/sync-server/src/x.ts', 'Apps never import each other'],
  [`${renderer}/desk`, '../../../../sync-server/src/connector.ts', 'Apps never import each other'],
  [`${renderer}/desk`, '@tradewind/fault-lab/src/lab.ts', 'Apps never import each other'],
  [`${renderer}/desk`, '@tradewind/shared/protocol/sync', null],

  [`${server}/http`, '@tradewind/chat-widget/src/x.ts', 'Apps never import each other'],
  [`${renderer}/desk`, '../../../../chat-widget/src/common/dom.ts', 'Apps never import each other'],
  ['apps/chat-widget/build.ts', '../sync-server/src/x.ts', 'Apps never import each other'],
  ['apps/chat-widget/e2e/support', '../../../desktop/e2e/support/child.ts', null],

  [`${widget}/client`, 'zod', 'The widget imports its own files'],
  [`${widget}/client`, '@tradewind/shared/schemas/message', 'The widget imports its own files'],
  [`${widget}/client`, '@tradewind/shared/chat/wire', null],
  [`${widget}/client`, 'engine.io-client', null],
  [`${widget}/client/x.test.ts`, 'vitest', null],
  [`${widget}/loader`, '../client/chat.ts', 'The launcher loads the client'],
  [`${widget}/loader`, '../common/store.ts', null],
  [`${widget}/client/view`, '../../loader/host.ts', 'The client meets the launcher'],
  [`${widget}/client`, './view/panel.ts', 'knows no element'],
  [`${widget}/client/client.ts`, './view/panel.ts', null],
  [`${widget}/client/view`, '../chat.ts', null],

  [`${server}/processing`, '@tradewind/fault-lab/lab', 'Only the launcher'],
  [`${server}/launch`, '@tradewind/fault-lab/demo', null],
  [`${server}/channels/mailgun/x.test.ts`, '@tradewind/fault-lab/mailgun/parse-send', null],

  [`${server}/commands`, '@tradewind/shared/testing/builders', 'for tests'],
  [`${server}/commands`, '../../test/database.ts', 'for tests'],
  [`${server}/commands/x.pg.test.ts`, '../../test/database.ts', null],

  [`${server}/http`, '../main.ts', 'main.ts wires everything'],
  [`${server}/launch`, '../main.ts', 'main.ts wires everything'],
  [`${server}/launch/index.ts`, '../main.ts', null],
  [`${server}/main.ts`, './http/app.ts', null],

  [`${server}/domain`, '../db/database.ts', 'domain is pure'],
  [`${server}/domain`, 'node:fs', 'domain is pure'],
  [`${server}/domain`, 'kysely', 'domain is pure'],
  [`${server}/domain`, 'node:util', null],
  [`${server}/domain`, '@tradewind/shared/schemas/order', null],
  [`${server}/domain/x.test.ts`, '@tradewind/shared/testing/builders', null],

  [`${server}/mail`, '../db/database.ts', 'without a database'],
  [`${server}/mail`, '../channels/mailgun/form.ts', 'without knowing a platform'],
  [`${server}/mail`, '../connector.ts', null],
  [`${server}/mail`, 'mailparser', null],

  [`${server}/channels/mailgun`, '../telegram/send.ts', 'no other connector'],
  [`${server}/orders/shopify`, '../../channels/mailgun/form.ts', 'no other connector'],
  [`${server}/channels/mailgun`, '../../db/database.ts', 'no database'],
  [`${server}/orders/shopify`, 'kysely', 'no database'],
  [`${server}/orders/shopify`, 'node:fs/promises', 'no files'],
  [`${server}/orders/shopify`, '../lossless-json.ts', null],
  [`${server}/channels/mailgun`, '../../connector.ts', null],
  [`${server}/channels/mailgun`, '../../mail/mime.ts', null],
  [`${server}/channels/mailgun`, '../../net/http-request.ts', null],
  [`${server}/channels/mailgun/x.test.ts`, 'node:fs', null],

  [`${server}/http/routes`, 'kysely', 'no SQL'],
  [`${server}/http`, 'pg', 'no SQL'],
  [`${server}/realtime`, 'kysely', 'no SQL'],
  [`${server}/http`, '../channels/mailgun/verify.ts', 'no platform'],
  [`${server}/http/routes`, '../../db/queries/orders.ts', null],
  [`${server}/http`, '../realtime/socket-server.ts', 'nothing of sockets'],
  [`${server}/http`, 'socket.io', 'nothing of sockets'],
  [`${server}/http`, 'express', null],
  [`${server}/realtime`, '../http/app.ts', 'nothing of routes'],
  [`${server}/realtime`, 'express', 'nothing of routes'],
  [`${server}/realtime`, 'socket.io', null],

  [`${server}/replication`, 'socket.io', 'Only the edges'],
  [`${server}/replication`, 'express', 'Only the edges'],
  [`${server}/db/queries`, '../../http/app.ts', 'Only the edges'],
  [`${server}/commands`, '../realtime/socket-server.ts', 'Only the edges'],
  [`${server}/chat`, 'socket.io', 'Only the edges'],
  [`${server}/commands`, '../replication/change-log.ts', null],
  [`${server}/jobs`, '../channels/mailgun/send.ts', 'No platform'],
  [`${server}/processing`, '../orders/shopify/to-order.ts', 'No platform'],
  [`${server}/chat`, '../channels/web-chat/identity.ts', 'No platform'],
  [`${server}/chat`, '../channels/chat-request.ts', null],
  [`${server}/jobs`, '../connector.ts', null],
  [`${server}/accounts`, '../channels/mailgun/index.ts', null],
  [`${server}/commands`, '../jobs/ledger.ts', 'not the other way round'],
  [`${server}/jobs`, '../replication/change-log.ts', null],
  [`${server}/auth`, '../commands/run-command.ts', 'serves everybody'],
  [`${server}/files`, '../processing/engine.ts', 'serves everybody'],
  [`${server}/auth`, '../audit/audit.ts', null],
  [`${server}/observability`, '@tradewind/shared/schemas/order', 'no domain types'],
  [`${server}/observability`, 'pino', null],
  [`${server}/db/queries`, '../../domain/order-merge.ts', 'no rules'],
  [`${server}/db/queries`, 'kysely', null],

  [`${renderer}/features/thread`, 'electron', 'no Electron and no Node'],
  [`${renderer}/desk`, 'node:fs', 'no Electron and no Node'],
  [`${renderer}/desk`, '../../main/windows/open.ts', 'no Electron and no Node'],
  [`${desktop}/main`, '../renderer/desk/types.ts', 'The main process meets'],
  [`${desktop}/main`, '@tradewind/shared/ipc/bridge', null],
  [`${desktop}/preload`, 'node:fs', 'The preload script'],
  [`${desktop}/preload`, 'electron', null],
  [`${renderer}/replication`, 'react', 'replica has no React'],
  [`${renderer}/db`, '../i18n/en.ts', 'replica has no React'],
  [`${renderer}/replication`, '../features/thread/timeline.ts', 'replica has no React'],
  [`${renderer}/replication`, '../desk/types.ts', null],
  [`${renderer}/replication`, 'rxdb', null],
  [`${renderer}/db`, '../replication/replica.ts', 'does not import who fills it'],
  [`${renderer}/replication`, '../db/documents.ts', null],
  [`${renderer}/stores`, '../db/documents.ts', 'never replicated documents'],
  [`${renderer}/stores`, 'zustand', null],
  [`${renderer}/components`, '../desk/hooks.ts', 'props'],
  [`${renderer}/components`, '../stores/ui.ts', 'props'],
  [`${renderer}/components`, '../platform/platform.ts', 'props'],
  [`${renderer}/components`, 'rxdb', 'props'],
  [`${renderer}/components`, 'react', null],
  [`${renderer}/features/thread`, '../composer/Composer.tsx', 'no other feature'],
  [`${renderer}/features/thread`, '../../features/composer/Composer.tsx', 'no other feature'],
  [`${renderer}/features/thread`, '../../db/open-database.ts', 'reads data through desk'],
  [`${renderer}/features/thread`, 'rxdb', 'reads data through desk'],
  [`${renderer}/features/thread`, './timeline.ts', null],
  [`${renderer}/features/thread`, '../../desk/hooks.ts', null],
  [`${renderer}/features/thread`, '../../components/Button.tsx', null],
];

/** The ways to import; a rule that overlooks one is no rule. */
const forms: ((specifier: string) => string)[] = [
  (specifier) => `import '${specifier}';`,
  (specifier) => `import type { A } from '${specifier}';\nexport type B = A;`,
  (specifier) => `export { a } from '${specifier}';`,
  (specifier) => `export const a = await import('${specifier}');`,
  (specifier) => `export type A = import('${specifier}').A;`,
];

let folder: string;
/** Sentences by the file they are about. */
const refusals = new Map<string, string[]>();

function toFile(index: number, importer: string): string {
  if (!importer.endsWith('.ts')) return `${importer}/case-${index}.ts`;
  return importer.endsWith('.test.ts') ? importer.replace('x.', `case-${index}.`) : importer;
}

function lint(files: ReadonlyMap<string, string>): void {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-imports-'));
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  cpSync(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
  for (const [file, text] of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=rdjson', '.'];
  for (const { location, message, code } of run([biome, ...options])) {
    if (code.value !== 'plugin') continue;
    refusals.set(location.path, [...(refusals.get(location.path) ?? []), message]);
  }
}

interface Diagnostic {
  location: { path: string };
  message: string;
  code: { value: string };
}

/** Biome leaves with code 1 when it found something: what it says is on standard output all the same. */
function run(script: string[]): Diagnostic[] {
  let output: string;
  try {
    output = execFileSync(process.execPath, script, {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  return JSON.parse(output).diagnostics;
}

beforeAll(() => {
  const files = cases.map(([importer, specifier], index): [string, string] => [
    toFile(index, importer),
    `import '${specifier}';\n`,
  ]);
  const inForms = forms.map((write, index): [string, string] => [
    `${server}/http/form-${index}.ts`,
    `${write('kysely')}\n`,
  ]);
  lint(new Map([...files, ...inForms]));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(cases.map((row, index) => [...row, index] as const))('%s importing %s', (importer, _, refusal, index) => {
  const said = refusals.get(toFile(index, importer)) ?? [];
  expect(said).toHaveLength(refusal === null ? 0 : 1);
  if (refusal !== null) expect(said[0]).toContain(refusal);
});

test.each(forms.map((write, index) => [write('kysely'), index] as const))('no way around: %s', (_, index) => {
  expect(refusals.get(`${server}/http/form-${index}.ts`)?.[0]).toContain('no SQL');
});
