import type { ChatLanguage, ChatSettings } from '@tradewind/shared/chat/wire';
import { toPalette } from '../common/colours.ts';
import { createSheet, element, icon, setAttributes, setText } from '../common/dom.ts';
import css from './launcher.css?inline';
import { launcherWords } from './words.ts';

const CHAT = 'M20 11.5a7.5 7.5 0 0 1-7.5 7.5c-1.2 0-2.4-.3-3.4-.8L4 20l1.8-4.6A7.5 7.5 0 1 1 20 11.5Z';
const DOWN = 'm6 9.5 6 6 6-6';
const OWN_ACCENT = { light: '#0a726d', dark: '#3cb8af' };

export interface Launcher {
  focus(): void;
  showOpen(open: boolean): void;
  showUnread(count: number): void;
  /** While the client is on its way; the button says so only when that takes long enough to be noticed. */
  showLoading(loading: boolean): void;
  showFailure(failed: boolean): void;
  paint(settings: ChatSettings): void;
}

export function createLauncher(root: ShadowRoot, language: ChatLanguage, press: () => void): Launcher {
  const words = launcherWords[language];
  const colours = createSheet('');
  root.adoptedStyleSheets = [createSheet(css), colours];
  const badge = element('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
  const button = element('button', { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog' });
  button.append(icon(CHAT), icon(DOWN), badge);
  button.addEventListener('click', press);
  const failure = element('p', { class: 'failure', role: 'status' });
  const area = element('section', { class: 'area', 'aria-label': words.chat, lang: language }, failure, button);
  let open = false;
  let unread = 0;

  function name(): void {
    const label = open ? words.close : words.open(unread);
    setAttributes(button, { 'aria-label': label, 'aria-expanded': String(open) });
    area.classList.toggle('open', open);
    badge.hidden = open || unread === 0;
    setText(badge, unread > 99 ? '99+' : String(unread));
  }

  root.append(area);
  name();
  return {
    focus: () => button.focus(),
    showOpen(value) {
      open = value;
      name();
    },
    showUnread(count) {
      unread = count;
      name();
    },
    showLoading: (loading) => setAttributes(button, { 'aria-busy': loading ? 'true' : null }),
    showFailure: (failed) => setText(failure, failed ? words.failed : ''),
    paint: (settings) => colours.replaceSync(writeColours(settings.accentColor)),
  };
}

/** The accent's colours for both themes; the surfaces are those of launcher.css. */
function writeColours(accent: string | null): string {
  const light = toPalette(accent ?? OWN_ACCENT.light, '#ffffff', '#d3dbd9');
  const dark = toPalette(accent ?? OWN_ACCENT.dark, '#161b1c', '#3a4546');
  return `${writeRule(light)}@media (prefers-color-scheme:dark){${writeRule(dark)}}`;
}

function writeRule(palette: Readonly<ReturnType<typeof toPalette>>): string {
  const values = Object.entries({
    accent: palette.accent,
    'on-accent': palette.onAccent,
    'accent-text': palette.accentText,
    edge: palette.edge,
  });
  return `:host{${values.map(([name, value]) => `--tw-${name}:${value}!important`).join(';')}}`;
}
