import type { PersonalOf } from '@tradewind/shared/schemas/personal';
import type { ReplicaDocs, Stored } from '../db/documents.ts';
import { LiveSet } from '../db/live-set.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import type { Outbox } from '../replication/outbox.ts';
import { toPersonalIds } from './draft-sync.ts';
import { Emitter } from './emitter.ts';

/** What is the agent's own, from all of his devices, as the server has it. */
export class PersonalItems {
  readonly changed = new Emitter();
  readonly loaded: Promise<void>;
  readonly #agentId: string;
  readonly #outbox: Outbox;
  readonly #drafts: LiveSet<Stored<PersonalOf<'draft'>>>;

  constructor(agentId: string, collections: CollectionsOf<ReplicaDocs>, outbox: Outbox) {
    this.#agentId = agentId;
    this.#outbox = outbox;
    this.#drafts = new LiveSet({
      // One collection holds all kinds; this set is of one of them.
      collection: collections.personal as unknown as LiveSetSource,
      selectors: [{}],
      matches: (doc) => doc.kind === 'draft',
      onChange: () => this.changed.emit(),
    });
    this.loaded = this.#drafts.loaded;
  }

  drafts(): Iterable<PersonalOf<'draft'>> {
    return this.#drafts.docs.values();
  }

  /** The draft beside which another device's text is kept, because two wrote at once; undefined for most. */
  findDivided(conversationId: string, mode: 'reply' | 'note'): PersonalOf<'draft'> | undefined {
    const pending = this.pending();
    for (const draft of this.drafts()) {
      if (draft.conversationId === conversationId && draft.mode === mode && draft.other) {
        return pending.has(draft.id) ? undefined : draft;
      }
    }
    return undefined;
  }

  /** Ids of documents about which a command of this device is not answered, or its effect not here yet. */
  pending(): ReadonlySet<string> {
    const entries = this.#outbox.entries.filter(({ status }) => status === 'waiting' || status === 'applied');
    return toPersonalIds(
      this.#agentId,
      entries.map(({ command }) => command),
    );
  }

  close(): void {
    this.#drafts.close();
  }
}

type LiveSetSource = ConstructorParameters<typeof LiveSet<Stored<PersonalOf<'draft'>>>>[0]['collection'];
