import type { Client, ClientContext, ClientScript } from '../common/contract.ts';
import { createPanel } from './view/panel.ts';

/** The entry of the client's script; the launcher takes it from the script's element. */
function startTradewindChat(context: ClientContext): Client {
  const { open, close, chat } = createPanel(context);
  return { open, close, identify: chat.identify, logOut: chat.logOut };
}

Object.assign(document.currentScript ?? {}, { startTradewindChat } satisfies Partial<ClientScript>);
