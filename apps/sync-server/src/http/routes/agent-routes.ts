import { z } from 'zod';
import type { People } from '../../accounts/people.ts';
import { idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { nameSchema, teamIdsSchema } from './directory-fields.ts';
import { emailSchema, newPasswordSchema, roleSchema } from './people-fields.ts';

const agentSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  teamIds: z.array(z.string()),
  disabled: z.boolean(),
  totp: z.boolean().meta({ description: 'Log-ins need a code of the authenticator app too.' }),
  createdAt: z.number(),
});

const disabledSchema = z.boolean('must be true or false');

const newAgentSchema = z.strictObject({
  email: emailSchema,
  name: nameSchema,
  password: newPasswordSchema,
  role: roleSchema.default('agent'),
  teamIds: teamIdsSchema.default([]),
  disabled: disabledSchema.default(false),
});

const agentPatchSchema = z
  .strictObject({
    email: emailSchema.optional(),
    name: nameSchema.optional(),
    password: newPasswordSchema.optional(),
    role: roleSchema.optional(),
    teamIds: teamIdsSchema.optional(),
    disabled: disabledSchema.optional(),
    reassignTo: z
      .string('must be the id of an agent, or null')
      .max(200)
      .nullable()
      .optional()
      .meta({ description: 'With `disabled: true`: who gets the unresolved conversations; absent or null: nobody.' }),
  })
  .refine((patch) => patch.reassignTo === undefined || patch.disabled === true, {
    path: ['reassignTo'],
    message: 'goes with "disabled": true',
  });

export function createAgentRoutes({ agents, resets, twoStep }: Pick<People, 'agents' | 'resets' | 'twoStep'>): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/agents',
      summary: 'Agents',
      access: 'admin',
      query: z.strictObject(pageFields()),
      response: pageOf(agentSchema),
      handle: ({ query }) => agents.list(toPageRequest(query)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents',
      summary: 'Add an agent',
      access: 'admin',
      body: newAgentSchema,
      status: 201,
      response: agentSchema,
      handle: ({ body, session }) => agents.create(`agent:${session.agent.id}`, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/agents/{id}',
      summary: 'One agent',
      access: 'admin',
      params: idParams,
      response: agentSchema,
      handle: ({ params }) => agents.get(params.id),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/agents/{id}',
      summary: 'Change an agent; disabling one or setting a password ends the agent’s sessions',
      access: 'admin',
      params: idParams,
      body: agentPatchSchema,
      response: agentSchema,
      handle: ({ params, body, session }) =>
        agents.update(`agent:${session.agent.id}`, session.sessionId, params.id, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/agents/{id}/reset-link',
      summary: 'A link for a new password, to be passed on; it works once, for an hour, and ends the one before',
      access: 'admin',
      params: idParams,
      status: 201,
      response: z.object({ link: z.string(), expiresAt: z.number() }),
      handle: ({ params, session }) => resets.createLink(`agent:${session.agent.id}`, params.id),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/agents/{id}/totp',
      summary: 'Let an agent who lost phone and recovery codes log in without codes',
      access: 'admin',
      params: idParams,
      status: 204,
      handle: ({ params, session }) => twoStep.removeOf(`agent:${session.agent.id}`, params.id),
    }),
  ];
}
