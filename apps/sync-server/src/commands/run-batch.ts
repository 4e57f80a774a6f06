import { type CommandResult, type CommandsResponse, MAX_COMMANDS_PER_BATCH } from '@tradewind/shared/protocol/commands';
import { AppError } from '@tradewind/shared/protocol/errors';
import { z } from 'zod';
import type { AuthAgent } from '../auth/scopes.ts';
import type { CommandDeps } from './deps.ts';
import { runCommand } from './run-command.ts';

export const commandsBodySchema = z.object({
  commands: z
    .array(z.unknown())
    .min(1, 'needs at least one command')
    .max(MAX_COMMANDS_PER_BATCH, `takes at most ${MAX_COMMANDS_PER_BATCH} commands at once`),
});

/**
 * Carries out a batch in order, each command in its own transaction with its own result, over HTTP and socket alike.
 *
 * @throws AppError `bad-input` when the batch itself has the wrong shape: nothing of it was carried out.
 */
export async function runBatch(deps: CommandDeps, agent: AuthAgent, body: unknown): Promise<CommandsResponse> {
  const parsed = commandsBodySchema.safeParse(body);
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({
      path: issue.path.join('.') || 'commands',
      message: issue.message,
    }));
    throw new AppError('bad-input', 'The batch of commands cannot be read.', { errors });
  }
  const results: CommandResult[] = [];
  for (const command of parsed.data.commands) results.push(await runCommand(deps, agent, command));
  return { results, serverTime: deps.now() };
}
