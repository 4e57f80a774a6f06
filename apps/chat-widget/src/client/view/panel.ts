import type { ClientContext } from '../../common/contract.ts';
import { createSheet, element, iconButton, setText } from '../../common/dom.ts';
import { type Chat, createChat } from '../chat.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { describePresence } from '../office-hours.ts';
import { getWords, pickLocale } from '../words/get-words.ts';
import type { Words } from '../words/words.ts';
import composerCss from './composer.css?inline';
import { createComposer } from './composer.ts';
import { fitKeyboard } from './fit-keyboard.ts';
import { createFormat } from './format.ts';
import formsCss from './forms.css?inline';
import { ICONS } from './icons.ts';
import logCss from './log.css?inline';
import { createLog } from './log.ts';
import panelCss from './panel.css?inline';
import { createPreChatForm } from './pre-chat-form.ts';
import { createRatingCard } from './rating-card.ts';
import smallScreenCss from './small-screen.css?inline';

export interface Panel {
  readonly chat: Chat;
  open(focus: boolean): void;
  close(): void;
}

// In this order: of rules of equal weight the later one counts, and a small screen has the last word.
const CSS = [panelCss, logCss, formsCss, composerCss, smallScreenCss].join('');

/** How often the panel looks at the clock: "Back at 9:00" must not stand there at 9:01. */
const TICK_MS = 30_000;
const SAID_MS = 8_000;

export function createPanel(context: ClientContext): Panel {
  const { config, root } = context;
  const words = getWords(config.language);
  const locale = pickLocale(config.language, navigator.languages);
  const format = createFormat(locale);
  let open = false;
  let drawing = false;
  let saidTimer: ReturnType<typeof setTimeout> | undefined;

  const chat = createChat(context, {
    onChange: schedule,
    onDraft: () => queueMicrotask(() => composer.readDraft()),
    onUploadEnd: (upload) => composer.handleUploadEnd(upload),
  });

  const initial = element('span', { class: 'initial', 'aria-hidden': 'true' });
  const name = element('h1', { dir: 'auto' });
  const presence = element('p', { class: 'presence' });
  const close = iconButton('tool', words.close, ICONS.close);
  const header = element('header', {}, initial, element('div', { class: 'who' }, name, presence), close);
  const bar = element('p', { class: 'bar', role: 'status' });
  const said = element('p', { class: 'said', role: 'status' });
  const greeting = element('p', { class: 'bubble', dir: 'auto' });
  const closedNote = element('p', { class: 'closed-note' }, words.closedNote);
  const notKept = element('p', { class: 'closed-note' }, words.notKept);
  const skeleton = element(
    'div',
    { class: 'skeleton', 'aria-hidden': 'true' },
    element('i'),
    element('i'),
    element('i'),
  );
  const above = element(
    'div',
    { class: 'above' },
    element('div', { class: 'message agent' }, greeting),
    closedNote,
    notKept,
    skeleton,
  );
  const rating = createRatingCard(chat, words);
  const { sendAgain, discard } = chat;
  const log = createLog({
    chat,
    words,
    locale,
    format,
    server: config.server,
    above,
    below: rating.node,
    sendAgain,
    discard,
  });
  const composer = createComposer({ chat, words, format, say });
  const form = createPreChatForm(chat, words, () => {
    draw();
    composer.focus();
  });
  const dropZone = element('p', { class: 'drop', 'aria-hidden': 'true' }, words.drop(format.size(MAX_FILE_BYTES)));
  const panel = element('div', { class: 'panel', role: 'dialog', tabindex: '-1', lang: config.language, hidden: true });
  panel.append(header, bar, log.node, said, form.node, composer.node, dropZone);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, createSheet(CSS)];
  (root.firstElementChild ?? root).append(panel);

  close.addEventListener('click', context.close);
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    context.close();
  });
  fitKeyboard(panel);
  acceptDrops(panel, (files) => composer.addFiles(files));
  document.addEventListener('visibilitychange', schedule);
  setInterval(schedule, TICK_MS);
  composer.readDraft();
  draw();

  /** Many things change at once; they are drawn once. */
  function schedule(): void {
    if (drawing) return;
    drawing = true;
    queueMicrotask(draw);
  }

  function draw(): void {
    drawing = false;
    const { settings, talk } = chat;
    panel.setAttribute('aria-label', words.dialog(settings.name));
    setText(initial, [...settings.name.trim()][0]?.toUpperCase() ?? '');
    setText(name, settings.name);
    const now = describePresence(settings, Date.now(), words, locale);
    // Who is there now is not known without a connection.
    const lost = chat.trouble === 'lost' || chat.trouble === 'refused';
    setText(presence, lost ? words.notConnected : now.text);
    header.dataset.presence = lost ? 'lost' : now.kind;
    setText(bar, describeTrouble(chat, words));
    setText(greeting, settings.greeting ?? words.greeting);
    above.classList.toggle('hidden', talk.hasOlder);
    closedNote.hidden = now.kind !== 'closed';
    notKept.hidden = chat.durable;
    skeleton.hidden = chat.loaded || talk.messages.length > 0;
    const asking = chat.asks !== 'no';
    if (asking) form.update();
    else form.node.hidden = true;
    const appears = composer.node.hidden && !asking;
    composer.node.hidden = asking;
    if (appears) composer.readDraft();
    else composer.update();
    rating.update();
    log.update(open && document.visibilityState === 'visible');
  }

  function say(sentence: string, seen = true): void {
    clearTimeout(saidTimer);
    said.classList.toggle('unseen', !seen);
    setText(said, sentence);
    saidTimer = setTimeout(() => setText(said, ''), SAID_MS);
  }

  /** On a touch screen the keyboard would cover half of what is to be read. */
  function focusFirst(): void {
    if (matchMedia('(pointer: coarse)').matches) panel.focus({ preventScroll: true });
    else if (composer.node.hidden) form.focus();
    else composer.focus();
  }

  return {
    chat,
    open(focus) {
      open = true;
      panel.hidden = false;
      chat.setOpen(true);
      draw();
      composer.readDraft();
      log.scrollToEnd();
      if (focus) focusFirst();
    },
    close() {
      open = false;
      panel.hidden = true;
      chat.setOpen(false);
    },
  };
}

function describeTrouble({ trouble, waiting }: Chat, words: Words): string {
  if (trouble === 'refused') return words.unavailable;
  if (trouble === 'slow') return words.slow;
  if (trouble === null) return '';
  const count = waiting.filter(({ kind, failed }) => kind === 'message' && failed === null).length;
  return navigator.onLine ? words.unreachable(count) : words.offline(count);
}

function acceptDrops(panel: HTMLElement, take: (files: File[]) => void): void {
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  let depth = 0;
  const show = (change: number) => {
    depth = Math.max(0, depth + change);
    panel.classList.toggle('dropping', depth > 0);
  };
  panel.addEventListener('dragenter', (event) => {
    if (carriesFiles(event)) show(1);
  });
  panel.addEventListener('dragleave', () => show(-1));
  panel.addEventListener('dragover', (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  panel.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    // The page must not open the file in place of itself.
    event.preventDefault();
    event.stopPropagation();
    show(-depth);
    take([...(event.dataTransfer?.files ?? [])]);
  });
}
