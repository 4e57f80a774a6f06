import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a program can be started. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

/** A session bus of its own, with the desktop's services a test needs. */
export class PrivateBus {
  readonly env: Readonly<Record<string, string>>;
  readonly #home: string;
  readonly #children: ChildProcess[];

  private constructor(env: Record<string, string>, home: string, daemon: ChildProcess) {
    this.env = env;
    this.#home = home;
    this.#children = [daemon];
  }

  static async start(): Promise<PrivateBus> {
    const home = await mkdtemp(join(tmpdir(), 'tradewind-bus-'));
    const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
      env: { ...process.env, HOME: home },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(daemon.stdout, 'data')) as [Buffer];
    const env = { DBUS_SESSION_BUS_ADDRESS: line.toString().trim(), HOME: home };
    return new PrivateBus(env, home, daemon);
  }

  /** GNOME's key ring, unlocked as at a log-in. */
  async startKeyRing(): Promise<void> {
    const keyring = this.run(
      'gnome-keyring-daemon',
      ['--unlock', '--components=secrets', '--foreground'],
      'a password',
    );
    await waitFor(() => this.owns('org.freedesktop.secrets'));
    this.#children.push(keyring);
  }

  /** A daemon that shows notices and can be asked to click them. */
  async startNotices(): Promise<void> {
    this.#children.push(this.run('dunst', []));
    await waitFor(() => this.owns('org.freedesktop.Notifications'));
  }

  /** Presses the newest notice. @returns whether there was one. */
  press(): boolean {
    return spawnSync('dunstctl', ['action', '0'], { env: { ...process.env, ...this.env } }).status === 0;
  }

  shownNotices(): number {
    const { stdout } = spawnSync('dunstctl', ['count', 'displayed'], { env: { ...process.env, ...this.env } });
    return Number(stdout.toString().trim());
  }

  async close(): Promise<void> {
    for (const child of this.#children.reverse()) child.kill('SIGTERM');
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private owns(name: string): boolean {
    const args = [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.DBus',
      '/',
      'org.freedesktop.DBus.NameHasOwner',
      `string:${name}`,
    ];
    return spawnSync('dbus-send', args, { env: { ...process.env, ...this.env } })
      .stdout.toString()
      .includes('true');
  }

  private run(program: string, args: readonly string[], input = ''): ChildProcess {
    const child = spawn(program, args, { env: { ...process.env, ...this.env }, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.end(input);
    return child;
  }
}

async function waitFor(isThere: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    if (isThere()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('a service of the session bus did not come up');
}
