import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a folder for this process alone.
 *
 * The lock is a listening socket, which the kernel frees whatever dies: no stale lock file can be left behind. Whoever is
 * refused asks the socket who holds it.
 *
 * @throws Error in one sentence when another process holds the folder.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const address = lockAddress(realpathSync(folder));
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(String(process.pid));
  });
  for (let attempt = 1; ; attempt += 1) {
    if (await listens(server, address)) break;
    const holder = await askHolder(address);
    if (holder !== null || attempt === 2) {
      throw new Error(
        `Another Tradewind${holder ? ` (process ${holder})` : ''} is already using the data folder ${folder}: stop it first, or start this one with another folder (--data DIR).`,
      );
    }
    // Nobody answers: a socket file left by a killed process, where addresses are files.
    if (!address.startsWith('\0')) await rm(address, { force: true });
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Linux: an abstract socket, which is no file; Windows: a named pipe; elsewhere a socket file in the temporary folder. */
function lockAddress(realPath: string): string {
  const name = `tradewind-${createHash('sha256').update(realPath).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function listens(server: ReturnType<typeof createServer>, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error));
    server.once('error', onError);
    server.listen(address, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}

/** The pid of the process behind the lock, `''` when it does not say, null when nobody listens. */
function askHolder(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(address);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(/^\d{1,10}$/.test(answer) ? answer : ''));
  });
}
