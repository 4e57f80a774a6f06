import { z } from 'zod';
import { type Presence, presenceSchema } from '../protocol/live.ts';

/**
 * The contract of main process and renderer: what the preload script puts on `window.tradewind`. In a browser there is
 * none. Main parses every argument with these schemas and checks who sends.
 */

/** `https://desk.example` or, for a server on this machine or network, `http://host:port`: an origin, no path. */
export const serverOriginSchema = z
  .string()
  .max(300)
  .refine((text) => {
    // Not URL.parse: the Node of older Electron versions lacks it.
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) && url.origin === text;
  }, 'must be a server address such as https://desk.example.com');

/** What a person types into the address field, or a link he was given. */
export const serverAddressSchema = z.string().trim().min(1).max(2_000);

export interface KnownServer {
  origin: string;
  /** The desk's name when it was last reached. */
  name: string;
}

export type ServerCheck =
  | { kind: 'ok'; origin: string; name: string; needsSetup: boolean }
  | { kind: 'not-an-address' | 'unreachable' | 'not-tradewind' | 'certificate'; detail: string };

export const tokenSchema = z.string().min(16).max(200);
/** Where the session token lies: the system's key store, or only in memory because there is no safe place (`basic_text`, no key ring). */
export type TokenStorage = 'key-store' | 'memory';

export const noticeSchema = z.object({
  /** One notice per id: a newer one replaces it. */
  id: z.string().min(1).max(200),
  kind: z.enum(['message', 'assigned', 'mention', 'failed']),
  title: z.string().max(300),
  body: z.string().max(1_000),
  conversationId: z.string().min(1).max(100),
  /** Labels of the buttons, where the platform has them. */
  actions: z.object({ reply: z.string().max(60), resolve: z.string().max(60) }).partial(),
  silent: z.boolean(),
});
export type Notice = z.infer<typeof noticeSchema>;

export { type Presence, presenceSchema };

export const shellPreferencesSchema = z.object({
  language: z.enum(['en', 'zh-CN']),
  startAtLogin: z.boolean(),
  /** Closing the window leaves Tradewind in the tray. */
  closeToTray: z.boolean(),
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
});
export type ShellPreferences = z.infer<typeof shellPreferencesSchema>;

/** What main tells the renderer. */
export type ShellEvent =
  /** A link or a notice was followed. */
  | { type: 'open-conversation'; conversationId: string }
  | { type: 'connect'; address: string }
  /** Buttons of a notice. */
  | { type: 'reply'; conversationId: string; text: string }
  | { type: 'resolve'; conversationId: string }
  /** Woken from sleep, or the network came back: look at once. */
  | { type: 'resync' }
  | { type: 'presence'; presence: Presence }
  | { type: 'menu'; command: 'new-conversation' | 'settings' | 'shortcuts' | 'log-out' | 'servers' };

export interface DesktopBridge {
  readonly info: { readonly platform: string; readonly version: string };
  readonly servers: {
    list(): Promise<{ servers: KnownServer[]; current: string | null }>;
    check(address: string): Promise<ServerCheck>;
    /** Makes it the one; the window is loaded anew with a policy that lets it reach this server only. */
    choose(origin: string): Promise<void>;
    forget(origin: string): Promise<void>;
  };
  readonly session: {
    /** Keeps the token of the chosen server in main, which adds it to this server's requests; the renderer forgets it. */
    adopt(token: string): Promise<TokenStorage>;
    clear(): Promise<void>;
    /** Whether main has a token for the chosen server, and where. */
    state(): Promise<{ signedIn: boolean; storage: TokenStorage }>;
  };
  readonly notices: {
    show(notice: Notice): Promise<void>;
    dismiss(id: string): Promise<void>;
  };
  readonly shell: {
    setBadge(count: number): Promise<void>;
    setPresence(presence: Presence): Promise<void>;
    preferences(): Promise<ShellPreferences>;
    setPreferences(change: Partial<ShellPreferences>): Promise<ShellPreferences>;
    /** Brings the window to the front. */
    focus(): Promise<void>;
  };
  /** @returns a function that ends it. Events from before the first listener are kept for it. */
  onEvent(listener: (event: ShellEvent) => void): () => void;
}
