import { type IpcArguments, type IpcChannel, ipcCalls } from '@tradewind/shared/ipc/calls';
import { SHELL_LISTENS } from '@tradewind/shared/ipc/channels';
import { ipcMain, type WebContents, type WebFrameMain } from 'electron';
import { isOurPage } from '../security/sender.ts';

/** What answers each call; main's own errors reach the page as a rejected promise with their sentence. */
export type IpcHandlers = {
  readonly [TChannel in IpcChannel]: (...args: IpcArguments<TChannel>) => unknown;
};

interface Sender {
  senderFrame: WebFrameMain | null;
  sender: WebContents;
}

/**
 * Listens to the bridge. Nothing is done for a frame that is not the console's page, nor with an argument that is not what
 * the contract says.
 *
 * @param findPage - the contents of our window, null while there is none.
 */
export function registerIpc(
  findPage: () => WebContents | null,
  handlers: IpcHandlers,
  onListens: (page: WebContents) => void,
): void {
  const isOurs = ({ sender, senderFrame }: Sender) => {
    const page = findPage();
    return sender === page && isOurPage(senderFrame, page.mainFrame);
  };
  for (const channel of Object.keys(ipcCalls) as IpcChannel[]) register(channel, handlers, isOurs);
  ipcMain.on(SHELL_LISTENS, (event) => {
    if (isOurs(event)) onListens(event.sender); // an error here would be nobody's, and end in a dialog of Electron's
  });
}

function register<TChannel extends IpcChannel>(
  channel: TChannel,
  handlers: IpcHandlers,
  isOurs: (sender: Sender) => boolean,
): void {
  ipcMain.handle(channel, (event, ...args: unknown[]) => {
    if (!isOurs(event)) throw new Error('This page may not ask the shell.');
    const parsed = ipcCalls[channel].safeParse(args);
    if (!parsed.success) throw new Error(`${channel}: the arguments are not what the bridge promises.`);
    // Tied to the channel by the contract, which the compiler cannot follow through the lookup.
    return (handlers[channel] as (...args: unknown[]) => unknown)(...parsed.data);
  });
}
