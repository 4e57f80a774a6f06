import { AppError } from '@tradewind/shared/protocol/errors';
import {
  attentionSchema,
  type LiveAttention,
  type LivePresent,
  type LiveTyping,
  liveAttentionSchema,
  livePresenceSchema,
  liveSeenSchema,
  liveTypingSchema,
  presenceSchema,
} from '@tradewind/shared/protocol/live';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import { type AuthAgent, isVisible, type Scopes, scopesOf } from '../auth/scopes.ts';
import { parseChat } from '../chat/input.ts';
import type { VisitorRef } from '../db/queries/chat.ts';
import { Attention, type AttentionNews } from './attention.ts';
import type { NodeLink } from './node-link.ts';
import type { Presence, PresenceWord } from './presence.ts';
import { TypingSignal } from './typing-signal.ts';

export interface AgentSignalsDeps {
  log: Logger;
  now: () => number;
  presence: Presence;
  link: Pick<NodeLink, 'tell' | 'onTold' | 'onNodeGone' | 'provide'>;
  /** The visitor and the readers of a chat conversation; null for any other. */
  findChat(conversationId: string): Promise<(VisitorRef & { scopes: readonly string[] }) | null>;
  /** The readers of these conversations; what is not there is not among them. */
  findReaders(conversationIds: readonly string[]): Promise<ReadonlyMap<string, Scopes>>;
  saveSeen(conversationId: string, messageId: string): Promise<void>;
  tellVisitor(visitor: VisitorRef, typing: { typing: boolean; name: string }): void;
  /** Tells the consoles here whose agents meet one of the scopes (null: all), but for one agent. */
  tellAgents(scopes: Scopes | null, event: string, payload: unknown, exceptAgentId?: string): void;
}

// Somebody who reloads his page was not away.
const PRESENCE_STEP_MS = 200;
/** Teams change while agents are here: other nodes are told within this time. */
const LOOK_MS = 10_000;

const presenceWord = z.tuple([presenceSchema, z.enum(['admin', 'agent']), z.array(z.string())]).nullable();
const presenceEventSchema = z.union([liveAttentionSchema, livePresenceSchema]);

/**
 * What consoles say that is no command, because it is of this moment only: who is here, who looks at what, who types, what
 * was read. Nothing is acknowledged, and what cannot be read or may not be said is dropped.
 */
export class AgentSignals {
  readonly #deps: AgentSignalsDeps;
  /** What agents do in conversations: as the sockets of this node say, for other nodes, and as all nodes say, for consoles. */
  readonly #here: Attention;
  readonly #everywhere: Attention;
  readonly #timers: { step: NodeJS.Timeout | null; look: NodeJS.Timeout };
  /** One after the other: what somebody did last must be heard last. */
  #telling: Promise<void> = Promise.resolve();
  #toldAgents = '{}';
  #toldNodes = new Map<string, string>();

  constructor(deps: AgentSignalsDeps) {
    this.#deps = deps;
    const { link, now, presence } = deps;
    this.#here = new Attention({
      now,
      tell: (news) => {
        for (const one of news) link.tell('attention', `${one.conversationId} ${one.agentId}`, one.state);
      },
    });
    this.#everywhere = new Attention({ now, tell: (news) => this.#tellReaders(news) });
    this.#timers = { step: null, look: setInterval(() => this.#tellNodes(), LOOK_MS) };
    link.provide(() => [...presence.words()].map(([agentId, word]) => ['agent', agentId, word] as const));
    link.onTold('agent', (nodeId, agentId, value) => {
      const word = presenceWord.safeParse(value);
      if (!word.success) return;
      presence.setElsewhere(nodeId, agentId, word.data);
      this.#tellPresence();
    });
    link.onTold('attention', (nodeId, key, value) => {
      const [conversationId = '', agentId = ''] = key.split(' ');
      const state = attentionSchema.safeParse(value).data ?? 'gone';
      // Silence ends what a node that has died said last.
      this.#everywhere.hear(`${nodeId} ${agentId}`, agentId, { conversationId, state });
    });
    link.onNodeGone((nodeId) => {
      presence.forgetNode(nodeId);
      this.#tellPresence();
    });
  }

  /** @param agent - as the session says at the moment, and after its end as it was. */
  welcome(socket: Socket, agent: () => AuthAgent): void {
    const { presence } = this.#deps;
    presence.set(socket.id, agent, 'online');
    socket.emit('presence', { agents: presence.states() });
    void this.#tellNewcomer(socket, agent);
    this.#tellPresence();
    const attend = this.#createAttending(socket.id, agent);
    this.#listen(socket, 'presence', presenceEventSchema, (word) => {
      if ('conversationId' in word) return attend(word);
      presence.set(socket.id, agent, word.state);
      this.#tellPresence();
    });
    const typing = this.#createTyping(agent);
    this.#listen(socket, 'typing', liveTypingSchema, typing.hear);
    this.#listen(socket, 'seen', liveSeenSchema, async ({ conversationId, messageId }) => {
      if (await this.#findVisible(agent, conversationId)) await this.#deps.saveSeen(conversationId, messageId);
    });
    socket.on('disconnect', () => {
      typing.end();
      void attend('left');
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

  /** A socket's words in their order, also where looking up an earlier one takes longer. */
  #createAttending(socketId: string, agent: () => AuthAgent): (word: LiveAttention | 'left') => Promise<void> {
    let turn: Promise<void> = Promise.resolve();
    const attend = async (word: LiveAttention | 'left') => {
      if (word === 'left') {
        for (const attention of [this.#here, this.#everywhere]) attention.leave(socketId);
        return;
      }
      const isSeen = word.state === 'gone' || (await this.#maySee(agent, word.conversationId));
      if (!isSeen) return;
      for (const attention of [this.#here, this.#everywhere]) attention.hear(socketId, agent().id, word);
    };
    return (word) => {
      const done = turn.then(() => attend(word));
      turn = done.catch(() => undefined); // told by whoever waits for it
      return done;
    };
  }

  async #maySee(agent: () => AuthAgent, conversationId: string): Promise<boolean> {
    const scopes = (await this.#deps.findReaders([conversationId])).get(conversationId);
    return scopes !== undefined && isVisible(scopes, scopesOf(agent()));
  }

  /** Who may read a conversation is looked up as it is told (R15). */
  #tellReaders(news: readonly AttentionNews[]): void {
    this.#inTurn(async () => {
      const readers = await this.#deps.findReaders([...new Set(news.map(({ conversationId }) => conversationId))]);
      for (const one of news) {
        const scopes = readers.get(one.conversationId);
        if (scopes) this.#deps.tellAgents(scopes, 'presence', toPresent(one), one.agentId);
      }
    });
  }

  /** What is the case, to a console that has just come. */
  #tellNewcomer(socket: Socket, agent: () => AuthAgent): void {
    const current = this.#everywhere.current();
    if (current.length === 0) return;
    this.#inTurn(async () => {
      const readers = await this.#deps.findReaders([...new Set(current.map(({ conversationId }) => conversationId))]);
      for (const one of current) {
        const isSeen = isVisible(readers.get(one.conversationId) ?? [], scopesOf(agent()));
        if (isSeen && one.agentId !== agent().id) socket.emit('presence', toPresent(one));
      }
    });
  }

  #inTurn(work: () => Promise<void>): void {
    this.#telling = this.#telling.then(work).catch((error: unknown) => {
      this.#deps.log.warn({ event: 'signals.untold', err: error }, 'agents were not told who looks at a conversation');
    });
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
    this.#timers.step ??= setTimeout(() => {
      this.#timers.step = null;
      this.#tellNodes();
      const agents = this.#deps.presence.states();
      const told = JSON.stringify(agents);
      if (told === this.#toldAgents) return;
      this.#toldAgents = told;
      this.#deps.tellAgents(null, 'presence', { agents });
    }, PRESENCE_STEP_MS);
  }

  /** What has changed of this node's agents. */
  #tellNodes(): void {
    const { presence, link } = this.#deps;
    const words = presence.words();
    const told = new Map([...words].map(([agentId, word]) => [agentId, JSON.stringify(word)]));
    const tell = (agentId: string, word: PresenceWord | null) => link.tell('agent', agentId, word);
    for (const agentId of this.#toldNodes.keys()) if (!words.has(agentId)) tell(agentId, null);
    for (const [agentId, word] of words) if (told.get(agentId) !== this.#toldNodes.get(agentId)) tell(agentId, word);
    this.#toldNodes = told;
  }

  async stop(): Promise<void> {
    if (this.#timers.step) clearTimeout(this.#timers.step);
    clearInterval(this.#timers.look);
    this.#here.stop();
    this.#everywhere.stop();
    await this.#telling;
  }
}

function toPresent({ conversationId, agentId, state }: AttentionNews): LivePresent {
  return { conversationId, agentId, state: state ?? 'gone' };
}
