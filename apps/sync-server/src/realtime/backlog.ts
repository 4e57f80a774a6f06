import type { ChangesFrame } from '@tradewind/shared/protocol/sync';
import type { Socket } from 'socket.io';

/** A console this far behind is told to pull: frames queued for it would only take memory, and are old when they arrive. */
const MAX_BACKLOG_BYTES = 1024 * 1024;
const LOOK_MS = 1_000;

type Shell = Omit<ChangesFrame, 'changes'>;

/**
 * Leaves frames out for sockets that do not keep up (R7). Their next frame shows the gap, and the console pulls; where nothing
 * more is written, an empty frame says so as soon as the line is free.
 */
export class Backlog {
  /** The last frame each socket was not given. */
  readonly #missed = new Map<Socket, Shell>();
  #timer: NodeJS.Timeout | null = null;

  /** The sockets that take this frame; the others are told later that they missed it. */
  admit(sockets: readonly Socket[], frame: Shell): Socket[] {
    return sockets.filter((socket) => {
      if (measureBacklog(socket) < MAX_BACKLOG_BYTES) {
        this.#missed.delete(socket);
        return true;
      }
      this.#missed.set(socket, frame);
      this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
      return false;
    });
  }

  forget(socket: Socket): void {
    this.#missed.delete(socket);
  }

  #look(): void {
    for (const [socket, frame] of this.#missed) {
      if (measureBacklog(socket) >= MAX_BACKLOG_BYTES) continue;
      this.#missed.delete(socket);
      // Begins where it ends: whoever has not come so far sees a gap.
      socket.emit('changes', { ...frame, fromSeq: frame.toSeq, changes: [] });
    }
    if (this.#missed.size === 0) this.stop();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** What waits in this process to be written to a socket's connection, in bytes or, for text, characters. */
export function measureBacklog({ conn }: Socket): number {
  const queued = (conn as unknown as { writeBuffer: readonly { data?: unknown }[] }).writeBuffer;
  // The WebSocket below counts what it was handed and the kernel did not take yet; other transports keep nothing of their own.
  const below = (conn.transport as unknown as { socket?: { bufferedAmount?: number } }).socket?.bufferedAmount ?? 0;
  return queued.reduce((sum, { data }) => sum + sizeOf(data), below);
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length;
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
