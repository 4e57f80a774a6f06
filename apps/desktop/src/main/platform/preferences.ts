import type { ShellPreferences } from '@tradewind/shared/ipc/bridge';
import type { IpcArguments } from '@tradewind/shared/ipc/calls';
import { app, nativeTheme } from 'electron';
import { systemLanguage, type Words, wordsIn } from '../words.ts';
import type { JsonFile } from './json-file.ts';
import { setStartAtLogin, startsAtLogin } from './login-item.ts';
import type { Settings } from './settings.ts';

/** What the shell does as its agent likes it. The console's screens set it; the system keeps the start at log-in. */
export class Preferences {
  readonly #settings: JsonFile<Settings>;

  constructor(settings: JsonFile<Settings>) {
    this.#settings = settings;
    this.#applyTheme();
  }

  get words(): Words {
    return wordsIn(this.#language);
  }

  get closeToTray(): boolean {
    // Many Linux desktops have no tray: a closed window would be gone for good.
    return this.#settings.value.preferences.closeToTray ?? process.platform !== 'linux';
  }

  get #language(): ShellPreferences['language'] {
    return this.#settings.value.preferences.language ?? systemLanguage(app.getPreferredSystemLanguages());
  }

  read(): ShellPreferences {
    return {
      language: this.#language,
      startAtLogin: startsAtLogin(),
      closeToTray: this.closeToTray,
      theme: this.#settings.value.preferences.theme ?? 'system',
    };
  }

  /** @throws when the system does not take it. */
  change({ startAtLogin, ...kept }: IpcArguments<'shell.setPreferences'>[0]): ShellPreferences {
    if (startAtLogin !== undefined && startAtLogin !== startsAtLogin()) setStartAtLogin(startAtLogin);
    const { value } = this.#settings;
    this.#settings.save({ ...value, preferences: { ...value.preferences, ...kept } });
    this.#applyTheme();
    return this.read();
  }

  /** Title bar, menus and what stands before the page is painted follow the console's theme. */
  #applyTheme(): void {
    const { theme } = this.#settings.value.preferences;
    nativeTheme.themeSource = theme === 'light' || theme === 'dark' ? theme : 'system';
  }
}
