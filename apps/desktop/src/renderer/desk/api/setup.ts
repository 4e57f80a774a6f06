import { z } from 'zod';
import { type ApiResult, requestApi } from './client.ts';

const setupStatusSchema = z.object({
  /** Nobody can log in yet: the first admin is still to be made. */
  needsSetup: z.boolean(),
  deskName: z.string(),
  timeZone: z.string(),
  mode: z.enum(['demo', 'desk']).catch('desk'),
  version: z.string(),
  /** A connected mailbox can carry a link to set a new password. */
  resetByMail: z.boolean().catch(false),
});
export type SetupStatus = z.infer<typeof setupStatusSchema>;

/** What the server tells everybody, before anybody logs in. */
export function readSetup(): Promise<ApiResult<SetupStatus>> {
  return requestApi('/api/setup', setupStatusSchema);
}

const deskSettingsSchema = z.object({ name: z.string(), timeZone: z.string() });
export type DeskSettings = z.infer<typeof deskSettingsSchema>;

export function readDeskSettings(): Promise<ApiResult<DeskSettings>> {
  return requestApi('/api/desk', deskSettingsSchema);
}

export function saveDeskSettings(change: Partial<DeskSettings>): Promise<ApiResult<DeskSettings>> {
  return requestApi('/api/desk', deskSettingsSchema, { method: 'PATCH', body: change });
}
