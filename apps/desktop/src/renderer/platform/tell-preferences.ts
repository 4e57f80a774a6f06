import { currentLanguage, usePreferences } from '../stores/preferences.ts';
import { platform } from './platform.ts';

/** Keeps menu, tray and title bar of the desktop app in the console's language and theme. */
export function tellPreferences(): void {
  const { bridge } = platform;
  if (!bridge) return;
  let told = '';
  const tell = () => {
    const look = { language: currentLanguage(), theme: usePreferences.getState().theme };
    const now = JSON.stringify(look);
    if (now === told) return;
    told = now;
    void bridge.shell.setPreferences(look);
  };
  tell();
  usePreferences.subscribe(tell);
  window.addEventListener('languagechange', tell);
}
