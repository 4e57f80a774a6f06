/** How an API of a simulated platform can misbehave while it is called. */
export const requestFaultKinds = [
  'answer-400',
  'answer-429',
  'answer-500',
  'answer-503',
  'timeout-after-accept',
  'reset-after-accept',
  'reset-before-accept',
] as const;
/** How webhooks can go wrong on their way to the product. */
export const postFaultKinds = ['duplicate', 'delay', 'drop', 'reorder'] as const;
/** What can happen to a mail after it was accepted. */
export const outcomeFaultKinds = ['bounce'] as const;
/** What can happen to a visitor of the website chat while something of his is on its way. */
export const visitorFaultKinds = ['cut-before-send', 'cut-before-ack', 'cut-after-ack', 'offline'] as const;
export const faultKinds = [
  ...requestFaultKinds,
  ...postFaultKinds,
  ...outcomeFaultKinds,
  ...visitorFaultKinds,
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultSpec {
  kind: FaultKind;
  /** How many times it strikes; null until removed. Default 1. */
  count?: number | null | undefined;
  /** Only for mails to this address, and events about them; for chats only this visitor (id or name). */
  recipient?: string | undefined;
  /** Only for webhooks of this topic: `inbound`, `delivered`, `orders/create`; for chats: `message`, `receipt`, `typing`, `profile`, `rating`. */
  topic?: string | undefined;
  /** `delay`: how long (1,000). `offline`: how long (3,000). `reorder`: the longest wait for a later one (2,000). `timeout-after-accept`: answer after this time instead of never. */
  delayMs?: number | undefined;
  /** `answer-429`: value of Retry-After (1). */
  retryAfterSeconds?: number | undefined;
}

export interface Fault extends FaultSpec {
  id: string;
  remaining: number | null;
  /** How often it struck. */
  strikes: number;
}

/** What a fault is matched against. */
export interface FaultSubject {
  recipients?: readonly string[];
  topic?: string;
}

function isMeant(fault: Fault, subject: FaultSubject): boolean {
  const recipient = fault.recipient?.toLowerCase();
  if (recipient !== undefined && !subject.recipients?.some((address) => address.toLowerCase() === recipient))
    return false;
  return fault.topic === undefined || fault.topic === subject.topic;
}

/** The faults ordered for one platform; each is used up by striking. */
export class FaultPlan {
  #faults: Fault[] = [];
  #lastId = 0;

  add(spec: FaultSpec): Fault {
    const fault: Fault = {
      ...spec,
      id: `fault-${++this.#lastId}`,
      remaining: spec.count === undefined ? 1 : spec.count,
      strikes: 0,
    };
    this.#faults.push(fault);
    return fault;
  }

  /** The oldest fault of these kinds that is meant for the subject, one strike used. */
  take(kinds: readonly FaultKind[], subject: FaultSubject): Fault | null {
    const fault = this.#faults.find(
      (candidate) => kinds.includes(candidate.kind) && candidate.remaining !== 0 && isMeant(candidate, subject),
    );
    if (!fault) return null;
    fault.strikes += 1;
    if (fault.remaining !== null) fault.remaining -= 1;
    return fault;
  }

  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  /** @returns false when there is no such fault. */
  remove(id: string): boolean {
    const before = this.#faults.length;
    this.#faults = this.#faults.filter((fault) => fault.id !== id);
    return this.#faults.length < before;
  }

  clear(): void {
    this.#faults = [];
  }
}
