import { serverOriginSchema, shellPreferencesSchema } from '@tradewind/shared/ipc/bridge';
import { z } from 'zod';
import { windowStateSchema } from '../windows/window-state.ts';

export const settingsSchema = z.object({
  servers: z.array(z.object({ origin: serverOriginSchema, name: z.string().max(300) })).default([]),
  current: serverOriginSchema.nullable().default(null),
  window: windowStateSchema.nullable().default(null),
  preferences: shellPreferencesSchema.partial().default({}),
});
export type Settings = z.infer<typeof settingsSchema>;
