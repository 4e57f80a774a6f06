import { applyCommand, commandSchema, commandTarget } from '@tradewind/shared/commands/registry';
import { createUuidV7 } from '@tradewind/shared/ids';
import { toSendTrouble } from '../../src/renderer/desk/send-troubles.ts';
import type {
  Colleague,
  CommandDraft,
  CommandProblem,
  ConnectionState,
  ConversationRow,
  Desk,
  Presence,
  QueueId,
  SendTrouble,
  ThreadMessage,
  UnsentCommand,
} from '../../src/renderer/desk/types.ts';
import { directory, me, now, sample } from './sample.ts';

/** Which state of the desk to show: `?scenario=offline`. */
export const scenario = new URLSearchParams(window.location.search).get('scenario') ?? 'full';

const listeners = new Set<() => void>();
let version = 0;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function getVersion(): number {
  return version;
}

function emit(): void {
  version++;
  for (const listener of listeners) listener();
}

if (scenario === 'empty') {
  sample.conversations.clear();
  sample.messages.clear();
}
if (scenario === 'clear') {
  for (const [id, conversation] of sample.conversations) {
    sample.conversations.set(id, { ...conversation, status: 'resolved' });
  }
}

export const drafts = new Map<string, string>();
/** What another device wrote at the same time. */
export const otherDrafts = new Map(scenario === 'held' ? [['v1 reply', 'From the phone: it left this morning.']] : []);
let pendingCount = scenario === 'offline' ? 3 : 0;
/** What was written on a conversation that has vanished. */
const onVanished: CommandProblem[] = (['reply', 'note'] as const).map((type) => ({
  commandId: `gone-${type}`,
  held: false,
  type,
  conversationId: 'gone',
  reason: { kind: 'not-found', what: 'conversation' },
  text: `A ${type} on what is gone`,
  at: now - 60_000,
}));
const newest = (sample.messages.get('v1') ?? []).slice(-2).reverse();
/** A reply that was written before its author saw the newest two messages. */
const onHold: CommandProblem = {
  commandId: 'h1',
  held: true,
  type: 'reply',
  conversationId: 'v1',
  reason: { kind: 'unseen', messageIds: newest.map(({ id }) => id), count: newest.length },
  text: 'Your lamp left our warehouse this morning.',
  at: now - 60_000,
};
let problems: CommandProblem[] =
  scenario === 'gone'
    ? onVanished
    : scenario === 'problems'
      ? [
          {
            commandId: 'p1',
            held: false,
            type: 'reply',
            conversationId: 'v1',
            reason: { kind: 'no-recipient' },
            text: 'Your lamp left our warehouse this morning.',
            at: now - 60_000,
          },
          {
            commandId: 'p2',
            held: false,
            type: 'assign',
            conversationId: 'v2',
            reason: { kind: 'agent-disabled' },
            text: null,
            at: now - 120_000,
          },
          {
            commandId: 'p3',
            held: false,
            type: 'note',
            conversationId: 'v3',
            reason: { kind: 'internal', errorId: 'e-7f3a91' },
            text: '请仓库核对库存。',
            at: now - 180_000,
          },
        ]
      : scenario === 'held'
        ? [onHold]
        : [];

/** What the log-out names, where the network is gone. */
const unsent: readonly UnsentCommand[] =
  scenario === 'offline'
    ? ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'].map((conversationId, index) => ({
        commandId: `u${index}`,
        type: index === 1 ? 'set-status' : 'reply',
        conversationId,
        text: index === 1 ? null : 'Your parcel left Hangzhou this morning and should be with you by Thursday.',
      }))
    : [];

const connections: Readonly<Record<string, ConnectionState>> = {
  offline: { kind: 'offline', sinceMs: now - 60_000, reason: '' },
  locked: { kind: 'locked' },
  outdated: { kind: 'outdated' },
  syncing: { kind: 'syncing', received: 12_480 },
};

export const state = {
  connection: (): ConnectionState => connections[scenario] ?? { kind: 'online' },
  pendingCount: () => pendingCount,
  problems: () => problems,
  unsent: () => unsent,
};

function findTrouble(conversationId: string): SendTrouble | null {
  const troubles = (sample.messages.get(conversationId) ?? []).slice(-20).map(toSendTrouble);
  return troubles.find((trouble) => trouble === 'failed') ?? troubles.find((trouble) => trouble !== null) ?? null;
}

const filters: Readonly<Record<QueueId, (row: ConversationRow) => boolean>> = {
  mine: ({ conversation }) => conversation.assigneeId === me.id && conversation.status !== 'resolved',
  unassigned: ({ conversation }) => conversation.assigneeId === null && conversation.status !== 'resolved',
  pending: ({ conversation }) => conversation.status === 'pending',
  open: ({ conversation }) => conversation.status === 'open',
  snoozed: ({ conversation }) => conversation.status === 'snoozed',
  resolved: ({ conversation }) => conversation.status === 'resolved',
  all: () => true,
};

export function listConversations(queue: QueueId): ConversationRow[] {
  return [...sample.conversations.values()]
    .map((conversation) => ({
      conversation,
      customerName: sample.customers.get(conversation.customerId)?.name ?? '',
      trouble: findTrouble(conversation.id),
      pending: conversation.id === 'v1',
    }))
    .filter(filters[queue])
    .sort((left, right) => right.conversation.lastMessageAt - left.conversation.lastMessageAt);
}

function findMessage(id: string | null): ThreadMessage | null {
  if (id === null) return null;
  for (const thread of sample.messages.values()) {
    const found = thread.find((message) => message.id === id);
    if (found) return found;
  }
  return null;
}

async function send(draft: CommandDraft): Promise<string> {
  const command = commandSchema.parse({ ...draft, id: createUuidV7(), at: Date.now() });
  const target = commandTarget(command);
  const message = findMessage(target.messageId);
  const conversationId = target.conversationId ?? message?.conversationId ?? '';
  const thread = sample.messages.get(conversationId) ?? [];
  const channel = directory.find((entry) => entry.kind === 'channel');
  const outcome = applyCommand(
    {
      conversation: sample.conversations.get(conversationId) ?? null,
      message,
      lastInbound: thread.findLast((each) => each.direction === 'in') ?? null,
      attachments: [],
      channel: channel?.kind === 'channel' ? channel : null,
    },
    command,
    { agentId: me.id, nowMs: Date.now() },
  );
  if (!outcome.ok) throw new Error(outcome.reason.kind);
  if (outcome.conversation) sample.conversations.set(conversationId, outcome.conversation);
  if (outcome.message) {
    const next = { ...outcome.message, local: outcome.message.status === 'queued' };
    sample.messages.set(conversationId, [...thread.filter((each) => each.id !== next.id), next]);
  }
  if (scenario === 'offline') pendingCount++;
  emit();
  return command.id;
}

/** What the server would tell and be told beside the change log. */
export const live = {
  own: 'online' as Presence,
  presences: new Map<string, Presence>([
    [me.id, 'online'],
    ['a2', 'away'],
  ]),
  typing: new Set<string>(),
  colleagues: new Map<string, readonly Colleague[]>(),
  said: [] as string[],
};

/** For specs: the visitor of a chat begins to write, or stops. */
function visitorTypes(conversationId: string, typing: boolean): void {
  if (typing) live.typing.add(conversationId);
  else live.typing.delete(conversationId);
  emit();
}

/** For specs: what colleagues do in a conversation. */
function colleaguesDo(conversationId: string, colleagues: readonly Colleague[]): void {
  live.colleagues = new Map(live.colleagues).set(conversationId, colleagues);
  emit();
}

export const fakeDesk: Desk = {
  agent: scenario === 'admin' ? { ...me, role: 'admin' } : me,
  send,
  async dismissProblem(commandId) {
    problems = problems.filter((problem) => problem.commandId !== commandId);
    emit();
  },
  async dropOtherDraft(conversationId, mode) {
    otherDrafts.delete(`${conversationId} ${mode}`);
    emit();
  },
  async confirmHeld(commandId) {
    live.said.push(`confirm ${commandId}`);
    problems = problems.filter((problem) => problem.commandId !== commandId);
    emit();
  },
  look: (conversationId) => live.said.push(`look ${conversationId}`),
  sayWriting: (conversationId, writing) => live.said.push(`writing ${conversationId} ${writing}`),
  sayTyping: (conversationId, typing) => live.said.push(`typing ${conversationId} ${typing}`),
  saySeen: (conversationId, messageId) => live.said.push(`seen ${conversationId} ${messageId}`),
  setPresence(presence) {
    live.own = presence;
    emit();
  },
  now: () => Date.now(),
  retryNow: () => emit(),
  onErased: () => () => undefined,
  async logOut() {
    emit();
  },
  async close() {
    listeners.clear();
  },
};

export function setDraft(key: string, text: string): void {
  drafts.set(key, text);
  emit();
}

/** For specs: a customer writes. */
export function receive(conversationId: string, text: string): void {
  const thread = sample.messages.get(conversationId) ?? [];
  const model = thread.find((message) => message.direction === 'in');
  const conversation = sample.conversations.get(conversationId);
  if (!model || !conversation) return;
  const at = Date.now();
  sample.messages.set(conversationId, [
    ...thread,
    { ...model, id: createUuidV7(), html: null, attachments: [], text, sentAt: at },
  ]);
  sample.conversations.set(conversationId, { ...conversation, lastMessageAt: at, waitingSince: at, preview: text });
  emit();
}

Object.assign(window, { receive, visitorTypes, colleaguesDo, live });
