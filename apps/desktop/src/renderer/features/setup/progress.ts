import type { Account } from '../../desk/api/accounts.ts';
import { type GuideMarks, type GuideStep, guideSteps } from '../../stores/guide.ts';

/** `waiting`: connected, and nothing has come yet. */
export type StepState = 'open' | 'waiting' | 'done' | 'skipped';

/** What the server tells about a desk on its first day. */
export interface DeskFacts {
  signedIn: boolean;
  /** It has a name of its own. */
  named: boolean;
  mailbox: Account | null;
  shop: Account | null;
  chat: Account | null;
  /** Agents and open invitations, without the one who sets up. */
  colleagues: number;
  conversations: number;
}

function stateOfAccount(account: Account | null): StepState {
  if (account === null) return 'open';
  return account.lastEventAt === null ? 'waiting' : 'done';
}

function findFact(step: GuideStep, facts: DeskFacts, marks: GuideMarks): StepState {
  switch (step) {
    case 'admin':
      return facts.signedIn ? 'done' : 'open';
    case 'desk':
      return facts.named || marks.deskSaved ? 'done' : 'open';
    case 'mailbox':
      return stateOfAccount(facts.mailbox);
    case 'shop':
      return stateOfAccount(facts.shop);
    case 'chat':
      return stateOfAccount(facts.chat);
    case 'people':
      return facts.colleagues > 0 ? 'done' : 'open';
    case 'try':
      return facts.conversations > 0 ? 'done' : 'open';
  }
}

export function findStepState(step: GuideStep, facts: DeskFacts, marks: GuideMarks): StepState {
  const state = findFact(step, facts, marks);
  return state === 'open' && marks.skipped.includes(step) ? 'skipped' : state;
}

/** Where to go on: the first step that is neither done nor put off; null when there is none. */
export function findNextStep(facts: DeskFacts, marks: GuideMarks): GuideStep | null {
  return guideSteps.find((step) => findStepState(step, facts, marks) === 'open') ?? null;
}

/** The step after this one that is still open, else the one that follows it; null at the end. */
export function findFollowing(step: GuideStep, facts: DeskFacts, marks: GuideMarks): GuideStep | null {
  const rest = guideSteps.slice(guideSteps.indexOf(step) + 1);
  return rest.find((each) => findStepState(each, facts, marks) !== 'done') ?? null;
}
