import { z } from 'zod';
import type { AccountService, Family } from '../../accounts/account-service.ts';
import { idParams, pageFields, pageOf, toPageRequest } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { nameSchema, teamIdsSchema } from './directory-fields.ts';

const configSchema = z
  .record(z.string(), z.unknown(), 'must be an object')
  .meta({ description: 'Keys depend on the kind. Secrets read back as "set"; null clears an optional key.' });

const accountSchema = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  config: configSchema,
  teamIds: z.array(z.string()).meta({ description: 'Empty: open to everyone.' }),
  address: z.string(),
  webhookUrl: z.string(),
  rejected: z.number().meta({ description: 'Webhook requests refused so far.' }),
  lastRejectedAt: z.number().nullable(),
  lastRejectReason: z.string().nullable(),
  lastEventAt: z.number().nullable(),
  sendProblem: z
    .object({ text: z.string(), since: z.number() })
    .nullable()
    .meta({ description: 'Sending fails since then, for a reason that is the account’s; null while it works.' }),
  createdAt: z.number(),
});

const newAccountSchema = z.strictObject({
  kind: z.string('must be the name of a kind').min(1, 'must not be empty').max(50),
  name: nameSchema,
  config: configSchema,
  teamIds: teamIdsSchema.default([]),
});

const accountPatchSchema = z.strictObject({
  name: nameSchema.optional(),
  config: configSchema.optional(),
  teamIds: teamIdsSchema.optional(),
});

/** Channel accounts and stores are made, read and changed alike. */
export function createAccountRoutes(accounts: AccountService): Route[] {
  return [...createFamilyRoutes(accounts, 'channel', 'channels'), ...createFamilyRoutes(accounts, 'store', 'stores')];
}

function createFamilyRoutes(accounts: AccountService, family: Family, plural: string): Route[] {
  const path = `/api/${plural}`;
  return [
    defineRoute({
      method: 'get',
      path,
      summary: `Connected ${plural}`,
      access: 'admin',
      query: z.strictObject(pageFields()),
      response: pageOf(accountSchema),
      handle: ({ query }) => accounts.list(family, toPageRequest(query)),
    }),
    defineRoute({
      method: 'post',
      path,
      summary: `Connect a ${family}`,
      access: 'admin',
      body: newAccountSchema,
      status: 201,
      response: accountSchema,
      handle: ({ body, session }) => accounts.create(`agent:${session.agent.id}`, family, body),
    }),
    defineRoute({
      method: 'get',
      path: `${path}/{id}`,
      summary: `One ${family}`,
      access: 'admin',
      params: idParams,
      response: accountSchema,
      handle: ({ params }) => accounts.get(family, params.id),
    }),
    defineRoute({
      method: 'patch',
      path: `${path}/{id}`,
      summary: `Change a ${family}; keys of the config that are left out stay`,
      access: 'admin',
      params: idParams,
      body: accountPatchSchema,
      response: accountSchema,
      handle: ({ params, body, session }) => accounts.update(`agent:${session.agent.id}`, family, params.id, body),
    }),
  ];
}
