import { AppError } from '@tradewind/shared/protocol/errors';
import { type LiveTyping, livePresenceSchema, liveSeenSchema, liveTypingSchema } from '@tradewind/shared/protocol/live';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { type AuthAgent, isVisible, scopesOf } from '../auth/scopes.ts';
import { parseChat } from '../chat/input.ts';
import type { VisitorRef } from '../db/queries/chat.ts';
import type { Presence } from './presence.ts';
import { TypingSignal } from './typing-signal.ts';

export interface AgentSignalsDeps {
  log: Logger;
  presence: Presence;
  /** The visitor and the readers of a chat conversation; null for any other. */
  findChat(conversationId: string): Promise<(VisitorRef & { scopes: readonly string[] }) | null>;
  saveSeen(conversationId: string, messageId: string): Promise<void>;
  tellVisitor(visitor: VisitorRef, typing: { typing: boolean; name: string }): void;
  tellAgents(event: 'presence', payload: unknown): void;
}

// Somebody who reloads his page was not away.
const PRESENCE_STEP_MS = 200;

/**
 * What consoles say that is no command, because it is of this moment only: who is here, who types, what was read. Nothing is
 * acknowledged, and what cannot be read or may not be said is dropped.
 */
export class AgentSignals {
  readonly #deps: AgentSignalsDeps;
  #timer: NodeJS.Timeout | null = null;
  #told = '{}';

  constructor(deps: AgentSignalsDeps) {
    this.#deps = deps;
  }

  /** @param agent - as the session says at the moment, and after its end as it was. */
  welcome(socket: Socket, agent: () => AuthAgent): void {
    const { presence } = this.#deps;
    presence.set(socket.id, agent, 'online');
    socket.emit('presence', { agents: presence.states() });
    this.#tellPresence();
    this.#listen(socket, 'presence', livePresenceSchema, ({ state }) => {
      presence.set(socket.id, agent, state);
      this.#tellPresence();
    });
    const typing = this.#createTyping(agent);
    this.#listen(socket, 'typing', liveTypingSchema, typing.hear);
    this.#listen(socket, 'seen', liveSeenSchema, async ({ conversationId, messageId }) => {
      if (await this.#findVisible(agent, conversationId)) await this.#deps.saveSeen(conversationId, messageId);
    });
    socket.on('disconnect', () => {
      typing.end();
      presence.remove(socket.id);
      this.#tellPresence();
    });
  }

  #listen<TSchema extends z.ZodType>(
    socket: Socket,
    event: string,
    schema: TSchema,
    handle: (signal: z.output<TSchema>) => Promise<void> | void,
  ): void {
    socket.on(event, async (payload: unknown) => {
      try {
        await handle(parseChat(schema, payload));
      } catch (error) {
        if (error instanceof AppError) return; // cannot be read: dropped
        this.#deps.log.warn({ event: 'signals.failed', signal: event, err: error }, 'a signal of a console was lost');
      }
    });
  }

  /** The chat, if this agent may see it (R15). */
  async #findVisible(agent: () => AuthAgent, conversationId: string): Promise<VisitorRef | null> {
    const chat = await this.#deps.findChat(conversationId);
    return chat && isVisible(chat.scopes, scopesOf(agent())) ? chat : null;
  }

  /** The newest word counts, also when looking up an earlier one takes longer. */
  #createTyping(agent: () => AuthAgent): { hear(signal: LiveTyping): Promise<void>; end(): void } {
    const signal = new TypingSignal<VisitorRef>((visitor, typing) => {
      this.#deps.tellVisitor(visitor, { typing, name: agent().name });
    });
    let turn = 0;
    return {
      hear: async ({ conversationId, typing }) => {
        const own = ++turn;
        const visitor = typing ? await this.#findVisible(agent, conversationId) : null;
        if (own !== turn) return;
        if (visitor) signal.start(visitor, (a, b) => a.visitorId === b.visitorId && a.accountId === b.accountId);
        else signal.stop();
      },
      end: () => {
        turn++;
        signal.stop();
      },
    };
  }

  #tellPresence(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const agents = this.#deps.presence.states();
      const told = JSON.stringify(agents);
      if (told === this.#told) return;
      this.#told = told;
      this.#deps.tellAgents('presence', { agents });
    }, PRESENCE_STEP_MS);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
