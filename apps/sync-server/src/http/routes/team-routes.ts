import { z } from 'zod';
import type { TeamService } from '../../accounts/team-service.ts';
import { idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { nameSchema } from './directory-fields.ts';

const teamSchema = z.object({ id: z.string(), name: z.string(), createdAt: z.number() });
const teamInputSchema = z.strictObject({ name: nameSchema });

export function createTeamRoutes(teams: TeamService): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/teams',
      summary: 'Teams',
      access: 'admin',
      query: z.strictObject(pageFields()),
      response: pageOf(teamSchema),
      handle: ({ query }) => teams.list(toPageRequest(query)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/teams',
      summary: 'Add a team',
      access: 'admin',
      body: teamInputSchema,
      status: 201,
      response: teamSchema,
      handle: ({ body, session }) => teams.create(`agent:${session.agent.id}`, body.name),
    }),
    defineRoute({
      method: 'get',
      path: '/api/teams/{id}',
      summary: 'One team',
      access: 'admin',
      params: idParams,
      response: teamSchema,
      handle: ({ params }) => teams.get(params.id),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/teams/{id}',
      summary: 'Rename a team',
      access: 'admin',
      params: idParams,
      body: teamInputSchema,
      response: teamSchema,
      handle: ({ params, body, session }) => teams.rename(`agent:${session.agent.id}`, params.id, body.name),
    }),
  ];
}
