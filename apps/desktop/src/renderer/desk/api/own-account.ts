import { z } from 'zod';
import { type ApiResult, nothing, requestApi } from './client.ts';
import { listSchema } from './lists.ts';

const meSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'agent']),
  totp: z.boolean().default(false),
});
export type Me = z.infer<typeof meSchema>;

export function readMe(): Promise<ApiResult<Me>> {
  return requestApi('/api/me', meSchema);
}

export function changePassword(current: string, password: string): Promise<ApiResult<undefined>> {
  return requestApi('/api/auth/password', nothing, { method: 'POST', body: { current, password } });
}

/** Asks for a mail with a link; the answer is the same whether the address is known or not. */
export function askForReset(email: string): Promise<ApiResult<undefined>> {
  return requestApi('/api/auth/forgot', nothing, { method: 'POST', body: { email } });
}

const totpSchema = z.object({ secret: z.string(), uri: z.string() });
export type TotpSetup = z.infer<typeof totpSchema>;

/** Begins the set-up of log-in codes; they are asked for only once {@link enableTotp} has seen one. */
export function beginTotp(password: string): Promise<ApiResult<TotpSetup>> {
  return requestApi('/api/auth/totp', totpSchema, { method: 'POST', body: { password } });
}

export function enableTotp(code: string): Promise<ApiResult<{ recoveryCodes: string[] }>> {
  const schema = z.object({ recoveryCodes: z.array(z.string()) });
  return requestApi('/api/auth/totp/enable', schema, { method: 'POST', body: { code } });
}

export function disableTotp(password: string): Promise<ApiResult<undefined>> {
  return requestApi('/api/auth/totp', nothing, { method: 'DELETE', body: { password } });
}

const sessionSchema = z.object({
  id: z.string(),
  userAgent: z.string(),
  address: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
  current: z.boolean(),
});
export type DeviceSession = z.infer<typeof sessionSchema>;

export async function listSessions(): Promise<ApiResult<DeviceSession[]>> {
  const result = await requestApi('/api/sessions', listSchema(sessionSchema));
  return result.ok ? { ok: true, value: result.value.items } : result;
}

export function endSession(id: string): Promise<ApiResult<undefined>> {
  return requestApi(`/api/sessions/${encodeURIComponent(id)}`, nothing, { method: 'DELETE' });
}

export function endOtherSessions(): Promise<ApiResult<{ revoked: number }>> {
  return requestApi('/api/sessions', z.object({ revoked: z.number() }), { method: 'DELETE' });
}
