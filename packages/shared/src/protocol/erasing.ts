import { z } from 'zod';

/** Why a device has to erase what it holds of an agent: its session was revoked, or the agent disabled. */
export const erasingReasonSchema = z.enum(['revoked', 'disabled']);
export type ErasingReason = z.infer<typeof erasingReasonSchema>;

/** What a 401 says to whoever held that very session (docs/protocol.md, P65). A proxy's 401 says nothing of the kind. */
export const erasingProblemSchema = z.object({
  type: z.literal('urn:tradewind:unauthenticated'),
  reason: erasingReasonSchema,
  agentId: z.string(),
});
