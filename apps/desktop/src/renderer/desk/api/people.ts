import { z } from 'zod';
import { type ApiResult, nothing, requestApi } from './client.ts';
import { listSchema, readAll } from './lists.ts';

export type Role = 'admin' | 'agent';
const roleSchema = z.enum(['admin', 'agent']);

const personSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  teamIds: z.array(z.string()),
  disabled: z.boolean(),
  /** A second step protects the log-in. */
  totp: z.boolean().default(false),
});
export type Person = z.infer<typeof personSchema>;

export interface PersonChange {
  name?: string;
  role?: Role;
  teamIds?: readonly string[];
  disabled?: boolean;
  /** With `disabled: true`: who gets the unresolved conversations; null leaves them to everybody. */
  reassignTo?: string | null;
}

export function listPeople(): Promise<ApiResult<Person[]>> {
  return readAll('/api/agents', listSchema(personSchema));
}

export function changePerson(id: string, change: PersonChange): Promise<ApiResult<Person>> {
  return requestApi(`/api/agents/${encodeURIComponent(id)}`, personSchema, { method: 'PATCH', body: change });
}

const linkSchema = z.object({ link: z.string(), expiresAt: z.number() });
export type Link = z.infer<typeof linkSchema>;

/** A link with which this person sets a new password. */
export function createResetLink(id: string): Promise<ApiResult<Link>> {
  return requestApi(`/api/agents/${encodeURIComponent(id)}/reset-link`, linkSchema, { method: 'POST' });
}

export function removeTotpOf(id: string): Promise<ApiResult<undefined>> {
  return requestApi(`/api/agents/${encodeURIComponent(id)}/totp`, nothing, { method: 'DELETE' });
}

const teamSchema = z.object({ id: z.string(), name: z.string() });
export type Team = z.infer<typeof teamSchema>;

export function listTeams(): Promise<ApiResult<Team[]>> {
  return readAll('/api/teams', listSchema(teamSchema));
}

export function createTeam(name: string): Promise<ApiResult<Team>> {
  return requestApi('/api/teams', teamSchema, { method: 'POST', body: { name } });
}

export function renameTeam(id: string, name: string): Promise<ApiResult<Team>> {
  return requestApi(`/api/teams/${encodeURIComponent(id)}`, teamSchema, { method: 'PATCH', body: { name } });
}

const inviteSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().default(''),
  role: roleSchema,
  teamIds: z.array(z.string()).default([]),
  expiresAt: z.number(),
});
export type Invite = z.infer<typeof inviteSchema>;

export interface InviteDraft {
  email: string;
  name?: string;
  role: Role;
  teamIds: readonly string[];
}

const newInviteSchema = linkSchema.extend({
  id: z.string(),
  /** The link went out by mail as well. */
  mailed: z.boolean().default(false),
});
export type NewInvite = z.infer<typeof newInviteSchema>;

/** Invitations that were neither accepted nor taken back. */
export function listInvites(): Promise<ApiResult<Invite[]>> {
  return readAll('/api/invites', listSchema(inviteSchema));
}

export function createInvite(draft: InviteDraft): Promise<ApiResult<NewInvite>> {
  return requestApi('/api/invites', newInviteSchema, { method: 'POST', body: draft });
}

export function revokeInvite(id: string): Promise<ApiResult<undefined>> {
  return requestApi(`/api/invites/${encodeURIComponent(id)}`, nothing, { method: 'DELETE' });
}

const openInviteSchema = z.object({ email: z.string(), name: z.string().default(''), deskName: z.string() });
export type OpenInvite = z.infer<typeof openInviteSchema>;

/** What the person who holds the link may know before accepting. */
export function readInvite(token: string): Promise<ApiResult<OpenInvite>> {
  return requestApi(`/api/invites/by-token/${encodeURIComponent(token)}`, openInviteSchema);
}
