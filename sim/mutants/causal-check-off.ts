import type { Mutant } from './mutant.ts';

export const causalCheckOff: Mutant = {
  name: 'causal-check-off',
  breaks: 'a reply leaves although a colleague had answered and its author did not know [R10]',
  edits: [
    {
      file: 'apps/sync-server/src/commands/check-seen.ts',
      find: '(await findUnseen(tx, [check])).get(command.id);',
      replace: "(await findUnseen(tx, [check])).get('');",
    },
    {
      file: 'apps/sync-server/src/jobs/hold-unseen.ts',
      find: 'const found = unseen.get(one.key);',
      replace: "const found = unseen.get('');",
    },
  ],
  seeds: [1, 2, 3],
};
