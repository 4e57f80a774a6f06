import { commandsResponseSchema } from '@tradewind/shared/protocol/commands';
import { type ErasingReason, erasingProblemSchema } from '@tradewind/shared/protocol/erasing';
import { livePresencesSchema, livePresentSchema, liveTypingSchema } from '@tradewind/shared/protocol/live';
import {
  accessChangedSchema,
  changesFrameSchema,
  changesPageSchema,
  digestSchema,
  snapshotPageSchema,
} from '@tradewind/shared/protocol/sync';
import { PROTOCOL_VERSION } from '@tradewind/shared/protocol/version';
import { io } from 'socket.io-client';
import { z } from 'zod';
import type { Resync, SyncTransport, TransportFailure, TransportResult } from './transport.ts';

const PULL_TIMEOUT_MS = 60_000;
const COMMANDS_TIMEOUT_MS = 30_000;

export interface HttpTransportOptions {
  /** Where the server is, such as `https://desk.example`; no trailing slash. */
  origin: string;
  /** The agent this console belongs to: another login in the same browser must not send or read in his name. */
  agentId: string;
  /** Bearer token. A page has none: the browser's HttpOnly cookie authenticates it, or what the desktop shell adds. */
  token?: string;
  fetch?: typeof fetch;
  /** This agent's session here was revoked, or he was disabled: what lies here of him has to go. */
  onErasing?: (reason: ErasingReason) => void;
}

const resyncSchema = z.object({ restoredAt: z.number() });

const problemSchema = z.looseObject({
  type: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  retryAfterMs: z.number().nonnegative().optional(),
});
type ProblemBody = z.infer<typeof problemSchema>;

/** Reads a problem document; servers in between answer with other bodies, which say nothing to us. */
async function readProblem(response: Response): Promise<ProblemBody> {
  const body: unknown = await response.json().catch(() => null);
  return problemSchema.safeParse(body).data ?? {};
}

function readRetryAfterMs(response: Response, problem: ProblemBody): number | null {
  if (problem.retryAfterMs !== undefined) return problem.retryAfterMs;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

async function toFailure(response: Response): Promise<TransportFailure> {
  const { status } = response;
  if (status === 426) return { kind: 'outdated' };
  const problem = await readProblem(response);
  if (status === 409) return { kind: 'access-changed', change: accessChangedSchema.safeParse(problem).data ?? null };
  if (status === 410) return { kind: 'resync', ...toResync(problem) };
  // A proxy's 404 is about the moment, not about what was asked for.
  if (status === 404 && problem.type === 'urn:tradewind:not-found') return { kind: 'not-found' };
  if (status === 400 || status === 413 || status === 422) {
    return { kind: 'refused', status, errors: problem.errors ?? [] };
  }
  // Anything else is about the moment or the way (429, 5xx, a proxy's 403 or 404), not about what was asked.
  return { kind: 'busy', reason: `HTTP ${status}`, retryAfterMs: readRetryAfterMs(response, problem) };
}

function toResync(problem: unknown): Resync {
  return { restoredAt: resyncSchema.safeParse(problem).data?.restoredAt ?? null };
}

/** Who is at the desk, or what a colleague does in a conversation. */
const presenceNewsSchema = z.union([livePresentSchema, livePresencesSchema]);

export function createHttpTransport(options: HttpTransportOptions): SyncTransport {
  const send = options.fetch ?? fetch;
  const headers: Record<string, string> = {
    'x-tradewind-protocol': String(PROTOCOL_VERSION),
    'x-tradewind-agent': options.agentId,
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
  };

  async function request<TValue>(
    path: string,
    init: RequestInit,
    schema: z.ZodType<TValue>,
    limits: { signal: AbortSignal; timeoutMs: number },
  ): Promise<TransportResult<TValue>> {
    const startedAt = performance.now();
    try {
      const response = await send(options.origin + path, {
        ...init,
        headers: { ...headers, ...init.headers },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]),
      });
      if (response.status === 401) {
        const erasing = erasingProblemSchema.safeParse(await response.json().catch(() => null)).data;
        if (erasing?.agentId === options.agentId) options.onErasing?.(erasing.reason);
        return { ok: false, failure: { kind: 'unauthenticated' } };
      }
      if (!response.ok) return { ok: false, failure: await toFailure(response) };
      const body = schema.safeParse(await response.json());
      if (!body.success)
        return { ok: false, failure: { kind: 'busy', reason: 'unreadable answer', retryAfterMs: null } };
      return { ok: true, value: body.data, roundTripMs: performance.now() - startedAt };
    } catch (error) {
      return { ok: false, failure: { kind: 'unreachable', reason: error instanceof Error ? error.name : 'unknown' } };
    }
  }

  return {
    pull({ checkpoint, accessVersion, limit }, signal) {
      const query = new URLSearchParams({ limit: String(limit) });
      if (checkpoint !== null) query.set('checkpoint', checkpoint);
      if (accessVersion !== null) query.set('accessVersion', String(accessVersion));
      return request(`/api/sync/changes?${query}`, {}, changesPageSchema, { signal, timeoutMs: PULL_TIMEOUT_MS });
    },

    snapshot({ part, cursor, accessVersion, limit }, signal) {
      const query = new URLSearchParams({ part, limit: String(limit) });
      if (cursor !== null) query.set('cursor', cursor);
      if (accessVersion !== null) query.set('accessVersion', String(accessVersion));
      return request(`/api/sync/snapshot?${query}`, {}, snapshotPageSchema, { signal, timeoutMs: PULL_TIMEOUT_MS });
    },

    digest({ checkpoint, accessVersion }, signal) {
      const query = new URLSearchParams();
      if (checkpoint !== null) query.set('checkpoint', checkpoint);
      if (accessVersion !== null) query.set('accessVersion', String(accessVersion));
      return request(`/api/sync/digest?${query}`, {}, digestSchema, { signal, timeoutMs: PULL_TIMEOUT_MS });
    },

    sendCommands(commands, signal) {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-tradewind-csrf': '1' },
        body: JSON.stringify({ commands }),
      };
      return request('/api/commands', init, commandsResponseSchema, { signal, timeoutMs: COMMANDS_TIMEOUT_MS });
    },

    openLive({ checkpoint, accessVersion }, handlers) {
      const socket = io(`${options.origin}/`, {
        auth: {
          ...(options.token === undefined ? {} : { token: options.token }),
          agentId: options.agentId,
          checkpoint,
          accessVersion,
          protocol: PROTOCOL_VERSION,
        },
        forceNew: true, // one socket per channel: a closed one must not come back by itself
        reconnection: false, // the connection decides when to come again
        transports: ['websocket', 'polling'],
      });
      let closed = false;
      const close = (reason: string | null) => {
        if (closed) return;
        closed = true;
        socket.close();
        if (reason !== null) handlers.onClose(reason);
      };
      const whileOpen = (handle: () => void) => () => {
        if (!closed) handle();
      };
      socket.on('connect', whileOpen(handlers.onOpen));
      socket.on('resync', (problem: unknown) => {
        if (!closed) handlers.onResync(toResync(problem));
      });
      socket.on('access-changed', whileOpen(handlers.onAccessChanged));
      socket.on('changes', (payload: unknown) => {
        if (closed) return;
        const frame = changesFrameSchema.safeParse(payload);
        // A frame that cannot be read is a lost frame: the next connection catches up.
        if (frame.success) handlers.onFrame(frame.data);
        else close('unreadable frame');
      });
      socket.on('presence', (payload: unknown) => {
        const news = presenceNewsSchema.safeParse(payload);
        if (!news.success || closed) return;
        if ('agents' in news.data) handlers.onPresence(news.data.agents);
        else handlers.onPresent(news.data);
      });
      socket.on('typing', (payload: unknown) => {
        const news = liveTypingSchema.safeParse(payload);
        if (news.success && !closed) handlers.onTyping(news.data);
      });
      socket.on('disconnect', (reason) => close(reason));
      socket.on('connect_error', (error) => close(error.message));
      return {
        say({ word, ...payload }) {
          // Socket.IO would keep it for later, when it is no longer true.
          if (socket.connected) socket.emit(word === 'attention' ? 'presence' : word, payload);
        },
        close: () => close(null),
      };
    },
  };
}
