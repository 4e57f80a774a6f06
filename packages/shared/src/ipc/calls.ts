import { z } from 'zod';
import {
  noticeSchema,
  presenceSchema,
  serverAddressSchema,
  serverOriginSchema,
  shellPreferencesSchema,
  tokenSchema,
} from './bridge.ts';

/** Every call of the bridge by its channel, with its arguments. Main parses them: the renderer may be anybody. */
export const ipcCalls = {
  'servers.list': z.tuple([]),
  'servers.check': z.tuple([serverAddressSchema]),
  'servers.choose': z.tuple([serverOriginSchema]),
  'servers.forget': z.tuple([serverOriginSchema]),
  'session.adopt': z.tuple([tokenSchema]),
  'session.clear': z.tuple([]),
  'session.state': z.tuple([]),
  'notices.show': z.tuple([noticeSchema]),
  'notices.dismiss': z.tuple([noticeSchema.shape.id]),
  'shell.setBadge': z.tuple([z.number().int().min(0).max(1_000_000)]),
  'shell.setPresence': z.tuple([presenceSchema]),
  'shell.preferences': z.tuple([]),
  'shell.setPreferences': z.tuple([shellPreferencesSchema.partial()]),
  'shell.focus': z.tuple([]),
} as const;

export type IpcChannel = keyof typeof ipcCalls;
export type IpcArguments<TChannel extends IpcChannel> = z.output<(typeof ipcCalls)[TChannel]>;
