import { join, resolve } from 'node:path';

/**
 * The folder of this profile: settings, session, replica. One running app per folder; two people on one machine, or two
 * servers at once, use two.
 *
 * @param flag - Electron's own `--user-data-dir`, '' when it was not given.
 */
export function chooseProfile(
  env: Readonly<Record<string, string | undefined>>,
  flag: string,
  appData: string,
): string {
  const asked = flag || env.TRADEWIND_PROFILE;
  return asked ? resolve(asked) : join(appData, 'Tradewind');
}
