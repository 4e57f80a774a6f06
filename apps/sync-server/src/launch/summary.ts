import { DEMO_ADMIN, DEMO_AGENTS, DEMO_PASSWORD } from './demo-logins.ts';

export interface Summary {
  /** Where the server listens. */
  address: string;
  /** Where people reach it, when that is another address. */
  publicUrl: string | null;
  dataDir: string;
  /** Null: the log goes to the terminal. */
  logFile: string | null;
  /** Null when there is no sample shop. */
  labUrl: string | null;
  /** Where the first admin is made; null when there is one. */
  setupLink: string | null;
  /** What does not work the way it can be reached. */
  problems: readonly string[];
}

/** What `npm start` ends with: where the console is, who can log in, where the data lies. */
export function formatSummary(summary: Summary): string {
  const { address, publicUrl, dataDir, logFile, labUrl, setupLink, problems } = summary;
  const rows: [string, string][] = [['Console', publicUrl ?? address]];
  if (publicUrl !== null) rows.push(['Listens on', address]);
  if (labUrl !== null) {
    rows.push(['Sample shop', `${labUrl}/shop (write in its chat as a visitor)`]);
    rows.push(['Fault lab', `${labUrl} (write mails and place orders as a customer)`], ['Admin', DEMO_ADMIN.email]);
    rows.push(...DEMO_AGENTS.map((email): [string, string] => ['Agent', email]));
    rows.push(['Password', `${DEMO_PASSWORD} (for all of them)`]);
  }
  rows.push(['Data folder', dataDir]);
  if (logFile !== null) rows.push(['Log', logFile]);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(13)}${value}`);
  const hint =
    setupLink === null
      ? []
      : ['', 'This desk is new. Open this address to make its first admin:', '', `  ${setupLink}`];
  const warnings = problems.flatMap((problem) => ['', `Note: ${problem}`]);
  return ['', 'Tradewind is running. Ctrl-C ends it.', '', ...lines, ...warnings, ...hint, ''].join('\n');
}
