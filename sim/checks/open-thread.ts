import type { DeskRuntime } from '../../apps/desktop/src/renderer/desk/desk-runtime.ts';
import type { Witness } from '../model/witness.ts';
import type { SimProcess } from '../world/sim-process.ts';

/**
 * A thread on the screen. What its agent wrote in it must stay there from the moment the device has kept it, through
 * queue, answer and replication: an overlay that goes before the document has come is a message that vanishes [R9].
 */
export class OpenThread {
  readonly desk: DeskRuntime;
  readonly id: string;
  readonly #witness: Witness;
  readonly #process: SimProcess;
  readonly #expected = new Set<string>();
  readonly #unsubscribe: () => void;

  constructor(witness: Witness, process: SimProcess, desk: DeskRuntime, id: string) {
    this.#process = process;
    this.#witness = witness;
    this.desk = desk;
    this.id = id;
    this.#unsubscribe = desk.model.threads.subscribe(id, () => this.#look());
  }

  expect(messageId: string): void {
    this.#expected.add(messageId);
    this.#look();
  }

  close(): void {
    this.#unsubscribe();
  }

  #look(): void {
    const { model } = this.desk;
    const rows = model.messages(this.id);
    if (!this.#process.alive || !rows || this.#expected.size === 0) return;
    // A conversation that goes out of sight takes its messages along; they go a moment before it.
    if (!model.conversation(this.id) || rows.length === 0) {
      this.#expected.clear();
      return;
    }
    const shown = new Set(rows.map((row) => row.id));
    const refused = new Set(model.problems.map(({ commandId }) => commandId));
    for (const id of this.#expected) {
      if (refused.has(id)) this.#expected.delete(id);
      else if (!shown.has(id)) {
        this.#witness.violate('R9', `the reply ${id} vanished from the screen of ${this.desk.agent.name}`);
        this.#expected.delete(id);
      }
    }
  }
}
