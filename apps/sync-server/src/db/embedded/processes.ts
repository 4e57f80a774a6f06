import { readFile } from 'node:fs/promises';

/**
 * Whether `pid` is a living postmaster of the data folder `cluster`.
 *
 * On Linux its command line is compared, because a pid is reused (always, when a container starts again), and a process that
 * nobody has waited for is still listed although it is dead. Elsewhere any living process counts.
 */
export async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return isAlive(pid);
  try {
    const state = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(') ').at(-1)?.charAt(0);
    if (state === 'Z' || state === 'X') return false;
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes(cluster);
  } catch {
    return false; // no such process
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Sends a signal; a process that is already gone is what we wanted. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
