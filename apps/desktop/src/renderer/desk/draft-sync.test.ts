import { removePersonal, setPersonal } from '@tradewind/shared/commands/personal';
import { applyCommand, type Command, commandSchema } from '@tradewind/shared/commands/registry';
import type { PersonalOf } from '@tradewind/shared/schemas/personal';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import type { StoredDraft } from '../db/documents.ts';
import { DraftSync, decideDraft, toPersonalIds } from './draft-sync.ts';
import { Emitter } from './emitter.ts';

const AGENT = 'agent-1';
const LOCAL_ID = 'c1:reply';
let commandCount = 0;

/** The agent's one draft as the server keeps it, and the commands that reach it when the test lets them. */
class Server {
  doc: PersonalOf<'draft'> | null = null;
  nowMs = 1_000;
  /** Every text that a device had told it and that was neither sent as a message nor seen by the agent since. */
  carryOut(command: Command): void {
    this.nowMs += 1;
    const view = { conversation: null, message: null, lastInbound: null, attachments: [], channel: null };
    const outcome = applyCommand({ ...view, personal: this.doc }, command, { agentId: AGENT, nowMs: this.nowMs });
    if (!outcome.ok || outcome.personal === undefined) return;
    this.doc = outcome.personal === 'removed' ? null : (outcome.personal as PersonalOf<'draft'>);
  }
}

class Device {
  readonly server: Server;
  readonly changed = new Emitter();
  draft: StoredDraft | undefined;
  /** As replication has brought it here. */
  replica: PersonalOf<'draft'> | null = null;
  queue: Command[] = [];
  readonly #timers: (() => void)[] = [];
  readonly #sync: DraftSync;

  constructor(server: Server) {
    this.server = server;
    const onChange = (listener: () => void) => this.changed.subscribe(listener);
    this.#sync = new DraftSync({
      agentId: AGENT,
      drafts: {
        all: () => (this.draft ? [this.draft] : []),
        find: (id) => (this.draft?.id === id ? this.draft : undefined),
        note: async (id, change) => {
          this.draft = { ...(this.draft ?? { id, text: '', updatedAt: 0 }), ...change };
        },
        onChange,
      },
      personal: { drafts: () => (this.replica ? [this.replica] : []), onChange },
      ready: Promise.resolve(),
      pending: () => toPersonalIds(AGENT, this.queue),
      onAnswered: onChange,
      send: async (fields) => {
        const command = commandSchema.parse({ id: `command-${++commandCount}`, ...fields });
        this.queue.push(command);
        return command.id;
      },
      schedule: (_delayMs, run) => {
        this.#timers.push(run);
        return () => this.#timers.splice(this.#timers.indexOf(run), 1);
      },
    });
  }

  get text(): string {
    return this.draft?.text ?? '';
  }

  type(text: string): void {
    this.draft = { ...(this.draft ?? { id: LOCAL_ID, updatedAt: 0 }), text };
    this.changed.emit();
  }

  /** The queue reaches the server, its state comes down, and the agent pauses. */
  async exchange(): Promise<void> {
    for (const command of this.queue.splice(0)) this.server.carryOut(command);
    this.replica = this.server.doc;
    this.changed.emit();
    await this.pause();
  }

  async pause(): Promise<void> {
    for (const run of this.#timers.splice(0)) run();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  close(): Promise<void> {
    return this.#sync.close();
  }
}

async function agree(...devices: Device[]): Promise<void> {
  for (let round = 0; round < 4; round++) for (const device of devices) await device.exchange();
}

test('what is typed on one device is there on the other, goes on there, and is gone everywhere once it is sent', async () => {
  const server = new Server();
  const [laptop, phone] = [new Device(server), new Device(server)];
  laptop.type('Dear Mei,');
  await laptop.pause();
  await agree(laptop, phone);
  expect(phone.text).toBe('Dear Mei,');
  phone.type('Dear Mei, your parcel');
  await phone.pause();
  await agree(phone, laptop);
  expect(laptop.text).toBe('Dear Mei, your parcel');
  laptop.type('');
  await laptop.pause();
  await agree(laptop, phone);
  expect([phone.text, server.doc]).toEqual(['', null]);
});

test('who goes on typing while his own text is on its way is not interrupted by it', async () => {
  const server = new Server();
  const laptop = new Device(server);
  laptop.type('one');
  await laptop.pause();
  laptop.type('one two');
  await agree(laptop);
  expect([laptop.text, server.doc?.text, server.doc?.other]).toEqual(['one two', 'one two', null]);
});

test('two texts written without knowing of each other are both kept', async () => {
  const server = new Server();
  const [laptop, phone] = [new Device(server), new Device(server)];
  laptop.type('from the laptop');
  phone.type('from the phone');
  await laptop.pause();
  await phone.pause();
  await agree(laptop, phone);
  expect(laptop.text).toBe(phone.text);
  expect([laptop.text, server.doc?.other?.text].sort()).toEqual(['from the laptop', 'from the phone']);
});

test('what is being typed is not replaced by what another device wrote before', async () => {
  const server = new Server();
  const [laptop, phone] = [new Device(server), new Device(server)];
  phone.type('from the phone');
  await phone.pause();
  await agree(phone);
  laptop.type('from the laptop');
  await laptop.exchange();
  expect(laptop.text).toBe('from the laptop');
  await agree(laptop, phone);
  expect([phone.text, server.doc?.other?.text]).toEqual(['from the laptop', 'from the phone']);
});

test('a draft made anew after it was sent elsewhere is not taken for the old one', async () => {
  const server = new Server();
  const [laptop, phone] = [new Device(server), new Device(server)];
  laptop.type('old');
  await laptop.pause();
  await agree(laptop, phone);
  phone.type('');
  await phone.pause();
  await agree(phone);
  phone.type('new');
  await phone.pause();
  await agree(phone);
  await agree(laptop, phone);
  expect([laptop.text, phone.text, server.doc?.other]).toEqual(['new', 'new', null]);
});

test('a draft that only this device knows is sent, an empty one is not', () => {
  expect(decideDraft({ text: 'x' }, null)).toEqual({ kind: 'send', base: 0 });
  expect(decideDraft({ text: '' }, null)).toEqual({ kind: 'nothing' });
  expect(decideDraft(undefined, null)).toEqual({ kind: 'nothing' });
});

test.each(Array.from({ length: 40 }, (_, index) => index + 1))(
  'seed %i: whatever the order, devices agree in the end, and no last word of a device is lost',
  async (seed) => {
    const random = createRandom(seed);
    const server = new Server();
    const devices = [new Device(server), new Device(server)];
    const lastWords: string[] = [];
    for (let step = 0; step < 12; step++) {
      const device = pick(random, devices);
      const act = pick(random, ['type', 'pause', 'exchange', 'exchange'] as const);
      if (act === 'type') device.type(`${device.text}${step} `);
      else await device[act]();
    }
    for (const device of devices) {
      device.type(`${device.text}end ${devices.indexOf(device)}`);
      lastWords.push(device.text);
      // What came from elsewhere may arrive before the text has been told to anybody.
      if (random() < 0.5) await device.pause();
      await device.exchange();
    }
    await agree(...devices);
    const [laptop, phone] = devices;
    expect(laptop?.text).toBe(phone?.text);
    const kept = [server.doc?.text, server.doc?.other?.text];
    for (const word of lastWords) {
      const isKept = kept.some((text) => text?.startsWith(word));
      expect(isKept, `${word} in ${JSON.stringify(kept)}`).toBe(true);
    }
    for (const device of devices) await device.close();
  },
);

test('set and remove name the document they are about', () => {
  expect([setPersonal.type, removePersonal.type]).toEqual(['set-personal', 'remove-personal']);
  const item = { kind: 'draft', conversationId: 'c1', mode: 'reply', text: '', base: 0 } as const;
  const ids = toPersonalIds(AGENT, [
    { id: 'command-a', type: 'set-personal', item },
    { id: 'command-b', type: 'remove-personal', itemId: 'star:agent-1:c2' },
  ]);
  expect([...ids]).toEqual(['draft:agent-1:c1:reply', 'star:agent-1:c2']);
});
