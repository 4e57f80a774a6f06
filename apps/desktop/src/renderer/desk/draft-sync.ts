import type { CommandInput } from '@tradewind/shared/commands/registry';
import { type PersonalItem, type PersonalOf, toPersonalId } from '@tradewind/shared/schemas/personal';
import type { StoredDraft } from '../db/documents.ts';
import type { CommandDraft } from './types.ts';

/** What the agent's devices have of one draft, and what to do about it. */
export type DraftStep =
  | { kind: 'nothing' }
  /** This device's text is what the server has: remember that. */
  | { kind: 'agreed'; synced: SyncedDraft }
  /** Nothing was written here since: show what another device wrote. */
  | { kind: 'adopt'; text: string; synced: SyncedDraft }
  | { kind: 'send'; base: number }
  | { kind: 'remove'; base: number };

/** The draft as the server had it when this device last agreed with it; version 0: it had none. */
export interface SyncedDraft {
  text: string;
  version: number;
}

const NONE: SyncedDraft = { text: '', version: 0 };

/**
 * Decides about one draft. Whoever wrote nothing since the devices agreed takes over what is newer; whoever did sends it,
 * over the version it knows, so that the server keeps what another device wrote beside it.
 *
 * @param local - as it lies on this device; undefined where nothing was written here.
 * @param remote - as the server has it; null where there is none.
 */
export function decideDraft(
  local: Pick<StoredDraft, 'text' | 'synced' | 'sent'> | undefined,
  remote: SyncedDraft | null,
): DraftStep {
  const here = local?.text ?? '';
  const synced = local?.synced ?? NONE;
  const there = remote ?? NONE;
  if (there.version !== synced.version) {
    if (here === there.text) return { kind: 'agreed', synced: there };
    // Our own text came back, and more was written here meanwhile.
    if (local?.sent === there.text) return toUpload(here, there);
    if (here === synced.text || here === local?.sent) return { kind: 'adopt', text: there.text, synced: there };
    return toUpload(here, there.version === 0 ? NONE : synced);
  }
  // Told already, and the server would not have it: the text stays on this device until it changes.
  const isSettled = here === synced.text || here === local?.sent;
  return isSettled ? { kind: 'nothing' } : toUpload(here, synced);
}

function toUpload(text: string, { version }: SyncedDraft): DraftStep {
  if (text !== '') return { kind: 'send', base: version };
  return version === 0 ? { kind: 'nothing' } : { kind: 'remove', base: version };
}

export interface DraftSyncOptions {
  agentId: string;
  drafts: {
    all(): Iterable<StoredDraft>;
    find(id: string): StoredDraft | undefined;
    /** Writes what this device knows of the others, and their text where it is given. */
    note(id: string, change: Partial<Pick<StoredDraft, 'text' | 'synced' | 'sent'>>): Promise<void>;
    onChange(listener: () => void): () => void;
  };
  personal: {
    drafts(): Iterable<PersonalOf<'draft'>>;
    onChange(listener: () => void): () => void;
  };
  /** Resolves when all of these are loaded: before that a draft would look as if it were not there. */
  ready: Promise<unknown>;
  /** Ids of documents that a command of this device, not answered yet, is about. */
  pending(): ReadonlySet<string>;
  onAnswered(listener: () => void): () => void;
  send(command: CommandDraft): Promise<string>;
  schedule(delayMs: number, run: () => void): () => void;
}

/** Somebody who types is let finish a thought; another device is not looked at within seconds. */
const SETTLE_MS = 1_500;

/**
 * Keeps drafts the same on all of an agent's devices. It runs in the leading tab, a moment after each change; what is typed
 * stays on this device at once, whatever becomes of the rest.
 */
export class DraftSync {
  readonly #options: DraftSyncOptions;
  readonly #stops: (() => void)[];
  #cancel: (() => void) | null = null;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: DraftSyncOptions) {
    this.#options = options;
    this.#working = options.ready.then(() => undefined);
    const soon = () => this.#soon();
    this.#stops = [options.drafts.onChange(soon), options.personal.onChange(soon), options.onAnswered(soon)];
    soon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    for (const stop of this.#stops) stop();
    await this.#working;
  }

  #soon(): void {
    if (this.#closed || !this.#hasAny()) return;
    this.#cancel?.();
    this.#cancel = this.#options.schedule(SETTLE_MS, () => {
      this.#cancel = null;
      // A store that fails is tried again with the next change; what is typed lies on this device all the same.
      this.#working = this.#working.then(() => this.#compareAll()).catch(() => undefined);
    });
  }

  #hasAny(): boolean {
    const { drafts, personal } = this.#options;
    for (const _ of drafts.all()) return true;
    for (const _ of personal.drafts()) return true;
    return false;
  }

  async #compareAll(): Promise<void> {
    const { agentId, drafts, personal } = this.#options;
    const remote = new Map([...personal.drafts()].map((draft) => [draft.id, draft]));
    const byId = new Map<string, { localId: string; item: DraftKey }>();
    for (const { conversationId, mode } of remote.values()) this.#name({ conversationId, mode }, byId);
    for (const { id } of drafts.all()) {
      const key = toKey(id);
      if (key) this.#name(key, byId);
    }
    const pending = this.#options.pending();
    for (const [id, { localId, item }] of byId) {
      if (this.#closed) return;
      if (pending.has(id)) continue;
      const step = decideDraft(drafts.find(localId), remote.get(id) ?? null);
      await this.#carryOut(step, localId, toPersonalId(agentId, toItem(item, '', 0)), item);
    }
  }

  #name(item: DraftKey, byId: Map<string, { localId: string; item: DraftKey }>): void {
    const id = toPersonalId(this.#options.agentId, toItem(item, '', 0));
    byId.set(id, { localId: `${item.conversationId}:${item.mode}`, item });
  }

  async #carryOut(step: DraftStep, localId: string, id: string, item: DraftKey): Promise<void> {
    const { drafts, send } = this.#options;
    if (step.kind === 'agreed') await drafts.note(localId, { synced: step.synced, sent: null });
    else if (step.kind === 'adopt') await drafts.note(localId, { text: step.text, synced: step.synced, sent: null });
    else if (step.kind === 'remove') {
      await send({ type: 'remove-personal', itemId: id, base: step.base });
      await drafts.note(localId, { sent: '' });
    } else if (step.kind === 'send') {
      const text = drafts.find(localId)?.text ?? '';
      await send({ type: 'set-personal', item: toItem(item, text, step.base) });
      // After it: a crash in between makes us take our own text for another device's, and it is the same.
      await drafts.note(localId, { sent: text });
    }
  }
}

type DraftKey = Pick<PersonalOf<'draft'>, 'conversationId' | 'mode'>;

function toKey(localId: string): DraftKey | null {
  const at = localId.lastIndexOf(':');
  const mode = localId.slice(at + 1);
  return mode === 'reply' || mode === 'note' ? { conversationId: localId.slice(0, at), mode } : null;
}

function toItem({ conversationId, mode }: DraftKey, text: string, base: number): PersonalItem {
  return { kind: 'draft', conversationId, mode, text, base };
}

/** Ids of the agent's own documents that these commands are about. */
export function toPersonalIds(agentId: string, commands: Iterable<CommandInput>): Set<string> {
  const ids = new Set<string>();
  for (const command of commands) {
    if (command.type === 'set-personal') ids.add(toPersonalId(agentId, command.item as PersonalItem));
    if (command.type === 'remove-personal') ids.add(command.itemId);
  }
  return ids;
}
