import { z } from 'zod';
import { type ApiResult, requestApi } from './client.ts';
import { listSchema, readAll } from './lists.ts';

export type AccountFamily = 'channels' | 'stores';

const accountSchema = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  /** Secrets read back as `"set"`. */
  config: z.record(z.string(), z.unknown()),
  teamIds: z.array(z.string()),
  address: z.string(),
  webhookUrl: z.string(),
  /** Requests refused so far. */
  rejected: z.number(),
  lastRejectedAt: z.number().nullable(),
  lastRejectReason: z.string().nullable(),
  lastEventAt: z.number().nullable(),
  /** Sending fails since then, in the platform's words. */
  sendProblem: z.object({ text: z.string(), since: z.number() }).nullable().default(null),
});
export type Account = z.infer<typeof accountSchema>;

export interface AccountDraft {
  name: string;
  config: Readonly<Record<string, unknown>>;
  teamIds: readonly string[];
}

export function listAccounts(family: AccountFamily): Promise<ApiResult<Account[]>> {
  return readAll(`/api/${family}`, listSchema(accountSchema));
}

export function readAccount(family: AccountFamily, id: string): Promise<ApiResult<Account>> {
  return requestApi(`/api/${family}/${encodeURIComponent(id)}`, accountSchema);
}

export function createAccount(family: AccountFamily, kind: string, draft: AccountDraft): Promise<ApiResult<Account>> {
  return requestApi(`/api/${family}`, accountSchema, { method: 'POST', body: { kind, ...draft } });
}

export function changeAccount(
  family: AccountFamily,
  id: string,
  change: Partial<AccountDraft>,
): Promise<ApiResult<Account>> {
  return requestApi(`/api/${family}/${encodeURIComponent(id)}`, accountSchema, { method: 'PATCH', body: change });
}
