import type { CommandResult } from '../../packages/shared/src/protocol/commands.ts';
import type { HttpCall } from '../world/sim-http-server.ts';

/** Something a platform told the desk, and whether the desk said that it has it. */
export interface GivenEvent {
  kind: 'mail' | 'chat' | 'order' | 'report' | 'unreadable' | 'forged';
  accountId: string;
  /** Of the message or order. */
  externalId: string;
  /** Who wrote. */
  sender: string;
  text: string;
  /** Orders: the instant of the version. */
  updatedAt: number;
  call: HttpCall;
  /** A 2xx came, or left the server and was lost on the way. */
  accepted: boolean;
  /** The status of every answer that left the server. */
  statuses: number[];
}

/** A command that an agent gave on a device, from the moment at which the device said that it is kept. */
export interface GivenCommand {
  id: string;
  type: string;
  agentId: string;
  device: number;
  input: Record<string, unknown>;
}

/** What somebody who watches from outside has seen: the model which the product is measured against. */
export class Witness {
  readonly events: GivenEvent[] = [];
  readonly commands = new Map<string, GivenCommand>();
  /** Every answer that left the server, by command. */
  readonly results = new Map<string, CommandResult[]>();
  /** Of every conversation that went over the network. */
  readonly conversationIds = new Set<string>();
  /** Every state of a conversation that left the server, by its id. */
  readonly conversationStates = new Map<string, Readonly<Record<string, unknown>>[]>();
  /** By how many each count grew; printed at the end. */
  readonly counts = { inbound: 0, commands: 0, faults: 0, crashes: 0, accessChanges: 0, restores: 0 };
  /** What went wrong, in order; the first one counts. */
  readonly violations: string[] = [];

  violate(rule: string, sentence: string): void {
    this.violations.push(`[${rule}] ${sentence}`);
  }

  noteResult(result: CommandResult): void {
    const known = this.results.get(result.id) ?? [];
    known.push(result);
    this.results.set(result.id, known);
  }
}
