import { DEMO_ADMIN, DEMO_AGENTS, DEMO_PASSWORD } from './demo-logins.ts';

export interface Summary {
  address: string;
  dataDir: string;
  /** Null: the log goes to the terminal. */
  logFile: string | null;
  /** Null when there is no sample shop. */
  labUrl: string | null;
  /** Whether the first admin's login was given by variables. */
  hasAdmin: boolean;
}

/** What `npm start` ends with: where the console is, who can log in, where the data lies. */
export function formatSummary({ address, dataDir, logFile, labUrl, hasAdmin }: Summary): string {
  const rows: [string, string][] = [['Console', address]];
  if (labUrl !== null) {
    rows.push(['Sample shop', `${labUrl} (play the customer)`], ['Admin', DEMO_ADMIN.email]);
    rows.push(...DEMO_AGENTS.map((email): [string, string] => ['Agent', email]));
    rows.push(['Password', `${DEMO_PASSWORD} (for all of them)`]);
  }
  rows.push(['Data folder', dataDir]);
  if (logFile !== null) rows.push(['Log', logFile]);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(13)}${value}`);
  const hint =
    labUrl === null && !hasAdmin
      ? ['', 'A new desk has no login yet: start it once with TRADEWIND_ADMIN_EMAIL and TRADEWIND_ADMIN_PASSWORD.']
      : [];
  return ['', 'Tradewind is running. Ctrl-C ends it.', '', ...lines, ...hint, ''].join('\n');
}
