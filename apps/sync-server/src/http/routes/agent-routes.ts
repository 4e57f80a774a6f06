import { z } from 'zod';
import type { AgentService } from '../../accounts/agent-service.ts';
import { idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { nameSchema, teamIdsSchema } from './directory-fields.ts';

const agentSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'agent']),
  teamIds: z.array(z.string()),
  disabled: z.boolean(),
  createdAt: z.number(),
});

const emailSchema = z
  .string('must be a mail address')
  .trim()
  .toLowerCase()
  .max(320, 'must have at most 320 characters')
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'must be a mail address such as name@example.com');
const passwordSchema = z
  .string('must be a password')
  .min(8, 'must have at least 8 characters')
  .max(256, 'must have at most 256 characters');
const roleSchema = z.enum(['admin', 'agent'], 'must be admin or agent');
const disabledSchema = z.boolean('must be true or false');

const newAgentSchema = z.strictObject({
  email: emailSchema,
  name: nameSchema,
  password: passwordSchema,
  role: roleSchema.default('agent'),
  teamIds: teamIdsSchema.default([]),
  disabled: disabledSchema.default(false),
});

const agentPatchSchema = z.strictObject({
  email: emailSchema.optional(),
  name: nameSchema.optional(),
  password: passwordSchema.optional(),
  role: roleSchema.optional(),
  teamIds: teamIdsSchema.optional(),
  disabled: disabledSchema.optional(),
});

export function createAgentRoutes(agents: AgentService): Route[] {
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
  ];
}
