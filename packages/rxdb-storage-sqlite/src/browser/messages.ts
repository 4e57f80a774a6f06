import type { Answer, RequestName, Requests } from '../requests.ts';
import type { Durability } from '../sqlite.ts';

export type Request = { [N in RequestName]: { id: string; name: N; parameters: Requests[N]['with'] } }[RequestName];
export type Reply = { id: string; answer: Answer } | { id: string; error: { name: string; message: string } };

/** `name` is that of locks, channels and folder: one owner per name in this origin. */
export type Start = { name: string; durability: Durability };

/** From a window to its worker. */
export type ToWorker = { start: Start } | { request: Request } | { end: true };
/** From a worker to its window. `obstacle`: why this browser cannot keep the database. */
export type ToWindow = { ready: true } | { obstacle: string } | { reply: Reply } | { ended: true };

/** Between the workers of one name. */
export type Control = { who: true } | { owner: string };
export type FromOther = { from: string; request: Request };
