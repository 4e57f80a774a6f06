import { z } from 'zod';
import type { InviteService } from '../../accounts/invite-service.ts';
import { idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { nameSchema, teamIdsSchema } from './directory-fields.ts';
import {
  answerSession,
  cookieSchema,
  emailSchema,
  languageOf,
  linkTokenSchema,
  newPasswordSchema,
  roleSchema,
  sessionAnswerSchema,
  toClientFacts,
} from './people-fields.ts';

const inviteSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  teamIds: z.array(z.string()),
  createdBy: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
});

const newInviteSchema = z.strictObject({
  email: emailSchema,
  name: z.string('must be a name').trim().max(200, 'must have at most 200 characters').default(''),
  role: roleSchema.default('agent'),
  teamIds: teamIdsSchema.default([]),
});

const createdInviteSchema = z.object({
  id: z.string(),
  link: z.string().meta({ description: 'Shown this once; works once.' }),
  expiresAt: z.number(),
  mailed: z.boolean().meta({ description: 'The link also leaves by mail.' }),
});

const tokenParams = z.strictObject({ token: linkTokenSchema });

export function createInviteRoutes(invites: InviteService, publicUrl: string | null): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/invites',
      summary: 'Invitations that were neither accepted nor revoked',
      access: 'admin',
      query: z.strictObject(pageFields()),
      response: pageOf(inviteSchema),
      handle: ({ query }) => invites.list(toPageRequest(query)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/invites',
      summary: 'Invite somebody; an earlier open invitation of the same mail address is revoked',
      access: 'admin',
      body: newInviteSchema,
      status: 201,
      response: createdInviteSchema,
      handle: ({ body, session, request }) => invites.create(session.agent, body, languageOf(request)),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/invites/{id}',
      summary: 'Revoke an invitation',
      access: 'admin',
      params: idParams,
      status: 204,
      handle: ({ params, session }) => invites.revoke(`agent:${session.agent.id}`, params.id),
    }),
    defineRoute({
      method: 'get',
      path: '/api/invites/by-token/{token}',
      summary: 'Whom a link invites',
      access: 'public',
      params: tokenParams,
      response: z.object({ email: z.string(), name: z.string(), deskName: z.string() }),
      handle: ({ params }) => invites.describe(params.token),
    }),
    defineRoute({
      method: 'post',
      path: '/api/invites/by-token/{token}/accept',
      summary: 'Accept an invitation: choose name and password, and be logged in',
      access: 'public',
      params: tokenParams,
      body: z.strictObject({ name: nameSchema, password: newPasswordSchema, cookie: cookieSchema }),
      status: 201,
      response: sessionAnswerSchema,
      handle: async ({ params, body: { cookie, ...input }, request, response }) => {
        const session = await invites.accept(params.token, input, toClientFacts(request));
        return answerSession({ request, response }, session, cookie, publicUrl);
      },
    }),
  ];
}
