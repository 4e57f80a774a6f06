import { z } from 'zod';

/**
 * What consoles and server say beside the change log, on the socket's namespace `/`: it is true for a moment, kept
 * nowhere, and lost without harm. Events are named `typing`, `seen` and `presence` in both directions.
 */

export const presenceSchema = z.enum(['online', 'away']);
export type Presence = z.infer<typeof presenceSchema>;

/** Console → server: this agent is writing to the visitor. Server → console: the visitor is writing. */
export const liveTypingSchema = z.object({ conversationId: z.string().max(100), typing: z.boolean() });
export type LiveTyping = z.infer<typeof liveTypingSchema>;

/** Console → server: the newest message of the visitor that this agent has had on screen. */
export const liveSeenSchema = z.object({ conversationId: z.string().max(100), messageId: z.string().max(100) });
export type LiveSeen = z.infer<typeof liveSeenSchema>;

/** Console → server: what this agent chose. Said anew on every connection. */
export const livePresenceSchema = z.object({ state: presenceSchema });

/** Server → console: everybody who is at the desk, by agent id; absent means offline. On connection and on change. */
export const livePresencesSchema = z.object({ agents: z.record(z.string(), presenceSchema) });
