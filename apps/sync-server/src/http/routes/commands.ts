import {
  type CommandResult,
  type CommandsResponse,
  commandResultSchema,
  commandsResponseSchema,
} from '@tradewind/shared/protocol/commands';
import { AppError } from '@tradewind/shared/protocol/errors';
import type { z } from 'zod';
import type { AuthAgent } from '../../auth/scopes.ts';
import { assertProtocol } from '../../commands/assert-protocol.ts';
import { commandsBodySchema } from '../../commands/run-batch.ts';
import { idParams } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';

/** The protocol version a console speaks. */
const PROTOCOL_HEADER = 'x-tradewind-protocol';

export interface CommandRouteDeps {
  runBatch(agent: AuthAgent, body: z.infer<typeof commandsBodySchema>): Promise<CommandsResponse>;
  /** A stored result the agent may see, or null. */
  findResult(agent: AuthAgent, id: string): Promise<CommandResult | null>;
}

/** Commands over HTTP; the socket takes the same batches (docs/protocol.md, Commands). */
export function createCommandRoutes(deps: CommandRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/commands',
      summary: 'Carries out a batch in order; each command at most once, each with its own result.',
      access: 'agent',
      // Before the body, whose very shape may be that of another version.
      before: (request) => assertProtocol(request.headers[PROTOCOL_HEADER]),
      body: commandsBodySchema,
      cleansText: true,
      response: commandsResponseSchema,
      handle: ({ session, body }) => deps.runBatch(session.agent, body),
    }),
    defineRoute({
      method: 'get',
      path: '/api/commands/{id}',
      summary: 'The stored result of one of your own commands.',
      access: 'agent',
      params: idParams,
      response: commandResultSchema,
      handle: async ({ session, params }) => {
        const result = await deps.findResult(session.agent, params.id);
        if (!result) throw new AppError('not-found', 'You have no command with this id.');
        return result;
      },
    }),
  ];
}
