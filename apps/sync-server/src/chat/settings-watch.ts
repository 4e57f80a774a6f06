import type { ChatSettings } from '@tradewind/shared/chat/wire';

export interface SettingsWatchDeps {
  /** Accounts whose widgets are connected here. */
  connectedAccounts(): readonly string[];
  /** Null for an account that is no chat any more. */
  read(accountId: string): ChatSettings | null;
  tell(accountId: string, settings: ChatSettings): void;
}

const LOOK_MS = 1_000;

/**
 * Tells widgets when something they show has changed: the desk opens or closes, somebody comes or goes, the admin changed a
 * setting, here or on another node. Looking is cheaper than being told by each of them.
 */
export class SettingsWatch {
  readonly #deps: SettingsWatchDeps;
  #told = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: SettingsWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** What a widget has just been welcomed with. */
  note(settings: ChatSettings): void {
    const text = JSON.stringify(settings);
    const before = this.#told.get(settings.accountId);
    // Newer than what the others know, or than what the next look will find: then all are told.
    if (before === undefined) this.#told.set(settings.accountId, text);
    else if (before !== text) this.#told.set(settings.accountId, '');
  }

  look(): void {
    const told = new Map<string, string>();
    for (const accountId of this.#deps.connectedAccounts()) {
      const settings = this.#deps.read(accountId);
      if (!settings) continue;
      const text = JSON.stringify(settings);
      const before = this.#told.get(accountId);
      if (before !== undefined && before !== text) this.#deps.tell(accountId, settings);
      told.set(accountId, text);
    }
    this.#told = told;
  }
}
