import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import { type AuthAgent, isVisible, scopesOf } from '../auth/scopes.ts';
import type { VisitorRef } from '../db/queries/chat.ts';
import type { Presence } from './presence.ts';

export interface AgentSignalsDeps {
  log: Logger;
  presence: Presence;
  /** The visitor and the readers of a chat conversation; null for any other. */
  findChat(conversationId: string): Promise<(VisitorRef & { scopes: readonly string[] }) | null>;
  saveSeen(conversationId: string, messageId: string): Promise<void>;
  tellVisitor(visitor: VisitorRef, typing: { typing: boolean; name: string }): void;
  tellAgents(event: 'presence', payload: unknown): void;
}

const idSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const typingSchema = z.object({ conversationId: idSchema, typing: z.boolean() });
const seenSchema = z.object({ conversationId: idSchema, messageId: idSchema });
const presenceSchema = z.object({ state: z.enum(['online', 'away']) });

// Who falls silent has stopped; consoles repeat themselves every few seconds.
const TYPING_LASTS_MS = 8_000;
// Somebody who reloads his page was not away.
const PRESENCE_STEP_MS = 200;

/**
 * What consoles say that is no command, because it is of this moment only: who is here, who types, what was read. Nothing is
 * acknowledged, and what cannot be read or may not be said is dropped.
 */
export class AgentSignals {
  readonly #deps: AgentSignalsDeps;
  readonly #typing = new Map<string, { conversationId: string; stop: () => void }>();
  #timer: NodeJS.Timeout | null = null;
  #told = '{}';

  constructor(deps: AgentSignalsDeps) {
    this.#deps = deps;
  }

  /** @param agent - as the session says at the moment; null once the socket is over. */
  welcome(socket: Socket, agent: () => AuthAgent): void {
    const { presence } = this.#deps;
    presence.set(socket.id, agent, 'online');
    socket.emit('presence', { agents: presence.states() });
    this.#tellPresence();
    this.#listen(socket, 'presence', presenceSchema, ({ state }) => {
      presence.set(socket.id, agent, state);
      this.#tellPresence();
    });
    this.#listen(socket, 'typing', typingSchema, (signal) => this.#handleTyping(socket, agent, signal));
    this.#listen(socket, 'seen', seenSchema, async ({ conversationId, messageId }) => {
      if (await this.#findVisible(agent, conversationId)) await this.#deps.saveSeen(conversationId, messageId);
    });
    socket.on('disconnect', () => {
      this.#typing.get(socket.id)?.stop();
      presence.remove(socket.id);
      this.#tellPresence();
    });
  }

  #listen<T>(socket: Socket, event: string, schema: z.ZodType<T>, handle: (signal: T) => Promise<void> | void): void {
    socket.on(event, (payload: unknown) => {
      const parsed = schema.safeParse(payload);
      if (!parsed.success) return;
      Promise.resolve(handle(parsed.data)).catch((error: unknown) => {
        this.#deps.log.warn({ event: 'signals.failed', signal: event, err: error }, 'a signal of a console was lost');
      });
    });
  }

  /** The chat, if this agent may see it (R15). */
  async #findVisible(agent: () => AuthAgent, conversationId: string): Promise<VisitorRef | null> {
    const chat = await this.#deps.findChat(conversationId);
    return chat && isVisible(chat.scopes, scopesOf(agent())) ? chat : null;
  }

  async #handleTyping(
    socket: Socket,
    agent: () => AuthAgent,
    { conversationId, typing }: z.infer<typeof typingSchema>,
  ): Promise<void> {
    const current = this.#typing.get(socket.id);
    // One person types in one place: another conversation ends the first.
    if (current && (!typing || current.conversationId !== conversationId)) current.stop();
    if (!typing) return;
    const chat = await this.#findVisible(agent, conversationId);
    if (!chat || socket.disconnected) return;
    const { name } = agent();
    clearTimeout(socket.data.typingTimer as NodeJS.Timeout | undefined);
    const stop = () => {
      clearTimeout(socket.data.typingTimer as NodeJS.Timeout | undefined);
      this.#typing.delete(socket.id);
      this.#deps.tellVisitor(chat, { typing: false, name });
    };
    socket.data.typingTimer = setTimeout(stop, TYPING_LASTS_MS);
    this.#typing.set(socket.id, { conversationId, stop });
    this.#deps.tellVisitor(chat, { typing: true, name });
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
