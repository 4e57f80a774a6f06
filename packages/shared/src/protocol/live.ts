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

/** What an agent does in one conversation. Said again at most every 5 s while it lasts; 30 s of silence mean `gone`. */
export const attentionStateSchema = z.enum(['viewing', 'typing', 'gone']);
export type AttentionState = z.infer<typeof attentionStateSchema>;
export const attentionSchema = z.object({ conversationId: z.string().max(100), state: attentionStateSchema });
export type Attention = z.infer<typeof attentionSchema>;

/** Console → server, event `presence`: what this agent chose. Said anew on every connection. */
export const livePresenceSchema = z.object({ state: presenceSchema });

/** Console → server, event `presence`: either of the two. */
export const presenceWordSchema = z.union([livePresenceSchema, attentionSchema]);

/** Server → console: everybody who is at the desk, by agent id; absent means offline. On connection and on change. */
export const livePresencesSchema = z.object({ agents: z.record(z.string(), presenceSchema) });

/** Server → console: what a colleague does in a conversation this console's agent may see; also event `presence`. */
export const colleagueAttentionSchema = attentionSchema.extend({ agentId: z.string() });
export type ColleagueAttention = z.infer<typeof colleagueAttentionSchema>;
