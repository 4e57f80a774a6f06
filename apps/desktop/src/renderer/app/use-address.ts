import { useEffect } from 'react';
import { currentRoute, navigate, useRoute } from '../stores/route.ts';
import { useUi } from '../stores/ui.ts';

/**
 * Keeps the open conversation in the address and follows the address: a reload, a crash, a link and the browser's way
 * back all lead to it.
 */
export function useConversationAddress(): void {
  const route = useRoute();
  const wanted = route.kind === 'desk' ? route.conversationId : undefined;

  useEffect(() => {
    if (wanted !== undefined && wanted !== useUi.getState().conversationId) {
      useUi.getState().openConversation(wanted);
    }
  }, [wanted]);

  useEffect(
    () =>
      useUi.subscribe(({ conversationId }, before) => {
        if (conversationId === before.conversationId) return;
        // Whoever opens a conversation wants to see it, also from the settings; closing one leads nowhere else.
        if (conversationId !== null || currentRoute().kind === 'desk') navigate({ kind: 'desk', conversationId });
      }),
    [],
  );
}

/** Back to the desk as it was left. */
export function goToDesk(): void {
  navigate({ kind: 'desk', conversationId: useUi.getState().conversationId });
}
