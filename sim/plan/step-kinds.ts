import { faultKinds } from '../faults/faults.ts';
import { commandKinds } from './commands.ts';
import { inboundKinds } from './inbound.ts';
import type { StepKind } from './step-kind.ts';

/** The one list of what a plan is made of. */
export const stepKinds: Readonly<Record<string, StepKind>> = { ...inboundKinds, ...commandKinds, ...faultKinds };
