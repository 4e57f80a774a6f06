import type { DesktopBridge, ShellEvent } from '@tradewind/shared/ipc/bridge';
import type { IpcArguments, IpcChannel } from '@tradewind/shared/ipc/calls';
import { SHELL_EVENT, SHELL_LISTENS } from '@tradewind/shared/ipc/channels';
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';

declare const APP_VERSION: string;

/** One function per channel: the page gets these and nothing of Electron. What comes back is main's to answer for. */
function call<TChannel extends IpcChannel>(channel: TChannel) {
  return (...args: IpcArguments<TChannel>) => ipcRenderer.invoke(channel, ...args);
}

const bridge = {
  info: { platform: process.platform, version: APP_VERSION },
  servers: {
    list: call('servers.list'),
    check: call('servers.check'),
    choose: call('servers.choose'),
    forget: call('servers.forget'),
  },
  session: {
    adopt: call('session.adopt'),
    clear: call('session.clear'),
    state: call('session.state'),
  },
  notices: {
    show: call('notices.show'),
    dismiss: call('notices.dismiss'),
  },
  shell: {
    setBadge: call('shell.setBadge'),
    setPresence: call('shell.setPresence'),
    preferences: call('shell.preferences'),
    setPreferences: call('shell.setPreferences'),
    focus: call('shell.focus'),
  },
  onEvent(listener) {
    const handle = (_event: IpcRendererEvent, shellEvent: ShellEvent) => listener(shellEvent);
    ipcRenderer.on(SHELL_EVENT, handle);
    ipcRenderer.send(SHELL_LISTENS);
    return () => void ipcRenderer.off(SHELL_EVENT, handle);
  },
} satisfies DesktopBridge;

contextBridge.exposeInMainWorld('tradewind', bridge);
