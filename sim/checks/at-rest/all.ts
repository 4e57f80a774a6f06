import type { Check } from './check.ts';
import { commandsOnce } from './commands-once.ts';
import { eventsOnce } from './events-once.ts';
import { forgedKeptOut } from './forged-kept-out.ts';
import { lanesGoOn } from './lanes-go-on.ts';
import { listsRight } from './lists-right.ts';
import { ordersNewest } from './orders-newest.ts';
import { replicasEqual } from './replicas-equal.ts';
import { repliesInKnowledge } from './replies-in-knowledge.ts';
import { sentOnce } from './sent-once.ts';
import { threadsPure } from './threads-pure.ts';

export const checksAtRest: readonly Check[] = [
  eventsOnce,
  forgedKeptOut,
  lanesGoOn,
  commandsOnce,
  sentOnce,
  repliesInKnowledge,
  ordersNewest,
  threadsPure,
  replicasEqual,
  listsRight,
];
