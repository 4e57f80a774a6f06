import { z } from 'zod';

/** What everybody at the desk may know about colleagues, teams and connected accounts: never a secret (R16). */
export const directorySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('agent'),
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(['admin', 'agent']),
    teamIds: z.array(z.string()),
    disabled: z.boolean(),
    createdSeq: z.number(),
  }),
  z.object({ kind: z.literal('team'), id: z.string(), name: z.string(), createdSeq: z.number() }),
  z.object({
    kind: z.literal('channel'),
    id: z.string(),
    name: z.string(),
    channelKind: z.string(),
    teamIds: z.array(z.string()),
    /** Sender address or other public handle, for the composer's From line. */
    address: z.string(),
    createdSeq: z.number(),
  }),
  z.object({
    kind: z.literal('store'),
    id: z.string(),
    name: z.string(),
    storeKind: z.string(),
    teamIds: z.array(z.string()),
    /** Shop domain or site. */
    address: z.string(),
    createdSeq: z.number(),
  }),
]);
export type DirectoryEntry = z.infer<typeof directorySchema>;
export type AgentEntry = Extract<DirectoryEntry, { kind: 'agent' }>;
