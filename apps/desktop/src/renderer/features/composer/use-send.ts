import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { useEffect, useRef, useState } from 'react';
import { useDirectory } from '../../desk/hooks.ts';
import type { ComposerMode, ThreadMessage } from '../../desk/types.ts';
import { useDesk } from '../../session/desk-context.ts';
import { findMentions } from './mentions.ts';

interface SendOptions {
  conversation: Conversation;
  messages: readonly ThreadMessage[] | undefined;
  mode: ComposerMode;
  draft: string;
  setDraft: (text: string) => void;
}

/**
 * Sends what stands in the composer. The draft is cleared only once the command is durable on this device, and only by
 * what was sent: letters typed meanwhile stay.
 *
 * @returns `failed` when this device could not store the command; the text is then still there.
 */
export function useSend({ conversation, messages, mode, draft, setDraft }: SendOptions) {
  const desk = useDesk();
  const { agents } = useDirectory();
  const [failed, setFailed] = useState(false);
  const busy = useRef(false);
  const latest = useRef({ mode, draft });
  useEffect(() => {
    latest.current = { mode, draft };
  });

  async function send({ resolve }: { resolve: boolean }): Promise<void> {
    const text = draft;
    if (busy.current || messages === undefined || text.trim() === '') return;
    busy.current = true;
    setFailed(false);
    const conversationId = conversation.id;
    try {
      // R10: what the agent has before his eyes, not counting what only this device knows.
      const seenMessageId = messages.findLast((message) => !message.local)?.id ?? null;
      const id = await desk.send(
        mode === 'note'
          ? { type: 'note', conversationId, text, mentions: findMentions(text, agents), seenMessageId }
          : { type: 'reply', conversationId, text, seenMessageId },
      );
      // The other mode's draft may be in the field by now: it is not this one's.
      const current = latest.current.mode === mode ? latest.current.draft : text;
      setDraft(current.startsWith(text) ? current.slice(text.length) : current);
      if (resolve) await desk.send({ type: 'set-status', conversationId, status: 'resolved', after: [id] });
    } catch {
      setFailed(true); // the desk has reported the cause; here the agent learns that nothing was lost
    } finally {
      busy.current = false;
    }
  }

  return { send, failed };
}
