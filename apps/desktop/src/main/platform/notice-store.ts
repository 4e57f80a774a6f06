import { serverOriginSchema } from '@tradewind/shared/ipc/bridge';
import { z } from 'zod';
import type { JsonFile } from './json-file.ts';

const MAX_KEPT = 100;

const shownNoticeSchema = z.object({
  id: z.string(),
  conversationId: z.string(),
  server: serverOriginSchema.nullable(),
});
export const noticesSchema = z.object({ shown: z.array(shownNoticeSchema).default([]) });
export type ShownNotice = z.infer<typeof shownNoticeSchema>;

/**
 * Where the last notices lead. They outlive the app in the system's notification centre, which after a restart hands over
 * no more than the id. Titles and texts are not kept.
 */
export class NoticeStore {
  readonly #file: JsonFile<z.infer<typeof noticesSchema>>;

  constructor(file: JsonFile<z.infer<typeof noticesSchema>>) {
    this.#file = file;
  }

  remember(notice: ShownNotice): void {
    const others = this.#file.value.shown.filter(({ id }) => id !== notice.id);
    this.#file.save({ shown: [...others, notice].slice(-MAX_KEPT) });
  }

  find(id: string): ShownNotice | null {
    return this.#file.value.shown.find((notice) => notice.id === id) ?? null;
  }

  forget(id: string): void {
    if (!this.find(id)) return;
    this.#file.save({ shown: this.#file.value.shown.filter((notice) => notice.id !== id) });
  }
}
