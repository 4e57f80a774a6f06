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

/** What an agent does in a conversation that is open on his screen. */
export const attentionSchema = z.enum(['viewing', 'typing']);
export type Attention = z.infer<typeof attentionSchema>;

/** Console → server, by the same event `presence`: what this agent does in a conversation now; `gone` when he has left it. */
export const liveAttentionSchema = z.object({
  conversationId: z.string().max(100),
  state: z.enum([...attentionSchema.options, 'gone']),
});
export type LiveAttention = z.infer<typeof liveAttentionSchema>;

/** Server → console, by the event `presence`: what a colleague does in a conversation that the reader may see. */
export const livePresentSchema = liveAttentionSchema.extend({ agentId: z.string().max(100) });
export type LivePresent = z.infer<typeof livePresentSchema>;

/** Server → console: everybody who is at the desk, by agent id; absent means offline. On connection and on change. */
export const livePresencesSchema = z.object({ agents: z.record(z.string(), presenceSchema) });
