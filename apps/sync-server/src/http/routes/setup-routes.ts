import { timeZoneSchema } from '@tradewind/shared/time-zone';
import { z } from 'zod';
import type { DeskService } from '../../accounts/desk-service.ts';
import type { Setup } from '../../auth/setup.ts';
import { defineRoute, type Route } from '../route.ts';
import { nameSchema } from './directory-fields.ts';
import {
  answerSession,
  cookieSchema,
  emailSchema,
  newPasswordSchema,
  sessionAnswerSchema,
  toClientFacts,
} from './people-fields.ts';

export interface SetupRouteDeps {
  setup: Setup;
  desk: DeskService;
  version: string;
  publicUrl: string | null;
  /** Whether a mail account is connected that a lost password's link can leave through. */
  canMail: () => boolean;
}

const setupStateSchema = z.object({
  needsSetup: z.boolean().meta({ description: 'The first admin has yet to be made.' }),
  deskName: z.string(),
  timeZone: z.string(),
  mode: z.enum(['demo', 'desk']),
  version: z.string(),
  resetByMail: z.boolean(),
});

const setupSchema = z.strictObject({
  code: z.string('must be the set-up code').min(1, 'must not be empty').max(200, 'is not the set-up code').meta({
    description: 'Printed where the server was started.',
  }),
  email: emailSchema,
  name: nameSchema,
  password: newPasswordSchema,
  deskName: nameSchema,
  timeZone: timeZoneSchema,
  cookie: cookieSchema,
});

const deskSchema = z.object({ name: z.string(), timeZone: z.string() });

export function createSetupRoutes({ setup, desk, version, publicUrl, canMail }: SetupRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/setup',
      summary: 'What the first screen needs to know',
      access: 'public',
      response: setupStateSchema,
      handle: async () => ({ ...(await desk.describe()), version, resetByMail: canMail() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/setup',
      summary: 'Make the first admin of a desk that has no agents',
      access: 'public',
      body: setupSchema,
      status: 201,
      response: sessionAnswerSchema,
      handle: async ({ body: { cookie, ...input }, request, response }) => {
        const session = await setup.complete(input, toClientFacts(request));
        return answerSession({ request, response }, session, cookie, publicUrl);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/desk',
      summary: 'The desk',
      access: 'agent',
      response: deskSchema,
      handle: () => desk.get(),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/desk',
      summary: 'Rename the desk, or move its time zone',
      access: 'admin',
      body: z.strictObject({ name: nameSchema.optional(), timeZone: timeZoneSchema.optional() }),
      response: deskSchema,
      handle: ({ body, session }) => desk.update(`agent:${session.agent.id}`, body),
    }),
  ];
}
