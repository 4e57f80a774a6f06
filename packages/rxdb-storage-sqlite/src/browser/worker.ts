import { Member } from './member.ts';
import type { ToWindow, ToWorker } from './messages.ts';
import { findObstacle } from './open-opfs.ts';

let member: Member | undefined;

function tell(message: ToWindow): void {
  self.postMessage(message);
}

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  if ('start' in data) {
    const obstacle = await findObstacle();
    if (obstacle) return tell({ obstacle });
    member = new Member(data.start, (reply) => tell({ reply }));
    tell({ ready: true });
  } else if ('request' in data) {
    member?.ask(data.request);
  } else {
    member?.end();
    tell({ ended: true });
  }
};
