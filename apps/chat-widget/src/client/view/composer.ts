import { element, iconButton, setAttributes, setText } from '../../common/dom.ts';
import type { Chat } from '../chat.ts';
import { MAX_FILE_BYTES, MAX_FILES, MAX_TEXT } from '../limits.ts';
import type { FileRefusal, Upload } from '../uploads.ts';
import type { Words } from '../words/words.ts';
import type { Format } from './format.ts';
import { ICONS } from './icons.ts';
import { createUploadList } from './upload-list.ts';

interface Options {
  chat: Chat;
  words: Words;
  format: Format;
  /** Says what happened to a file; what is seen anyway only to those who hear the page. */
  say: (sentence: string, seen?: boolean) => void;
}

export interface Composer {
  readonly node: HTMLElement;
  focus(): void;
  update(): void;
  /** Shows the draft as it is kept. */
  readDraft(): void;
  addFiles(files: readonly File[]): void;
  handleUploadEnd(upload: Upload): void;
}

/** From here on the visitor is told how much room is left. */
const NEARLY_FULL = 500;

export function createComposer({ chat, words, format, say }: Options): Composer {
  const limit = format.size(MAX_FILE_BYTES);
  const field = element('textarea', { rows: '1', dir: 'auto', enterkeyhint: 'send' });
  setAttributes(field, { 'aria-label': words.field, placeholder: words.placeholder });
  const picker = element('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1' });
  const attach = iconButton('tool', words.attach(limit), ICONS.attach);
  const send = iconButton('send', words.send, ICONS.send);
  send.type = 'submit';
  const left = element('p', { class: 'left', role: 'status' });
  const files = createUploadList({ uploads: chat.uploads, words, format });
  const box = element('div', { class: 'box' }, files.node, element('div', { class: 'row' }, attach, field, send));
  const node = element('form', { class: 'composer', novalidate: true }, box, left, picker);

  const isUploading = () => chat.uploads.list().some(({ state }) => state === 'waiting' || state === 'uploading');
  const readyFiles = () => chat.uploads.list().flatMap(({ attachment }) => attachment ?? []);

  function fit(): void {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }

  function update(): void {
    files.update();
    const text = field.value.trim();
    const empty = text === '' && readyFiles().length === 0;
    // What is too long is not cut off: whoever pastes it decides what goes.
    const room = MAX_TEXT - text.length;
    setAttributes(send, { 'aria-disabled': String(empty || room < 0 || isUploading()) });
    setText(left, room > NEARLY_FULL ? '' : room < 0 ? words.over(-room) : words.left(room));
    left.classList.toggle('over', room < 0);
  }

  function submit(): void {
    const text = field.value.trim();
    const attachments = readyFiles();
    if ((text === '' && attachments.length === 0) || text.length > MAX_TEXT) return;
    if (isUploading()) {
      say(words.pending);
      return;
    }
    field.value = '';
    chat.send(text, attachments);
    chat.uploads.clear();
    fit();
    update();
  }

  function addFiles(list: readonly File[]): void {
    if (list.length === 0) return;
    for (const refusal of chat.uploads.add(list)) say(toSentence(refusal));
  }

  function toSentence(refusal: FileRefusal): string {
    if (refusal.kind === 'many') return words.tooMany(MAX_FILES);
    return refusal.kind === 'large' ? words.tooLarge(refusal.name, limit) : words.empty(refusal.name);
  }

  node.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
    field.focus();
  });
  field.addEventListener('keydown', (event) => {
    // 229: Safari ends a composition before the Enter that chose the word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener('input', () => {
    chat.keepDraft(field.value);
    fit();
    update();
  });
  field.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (pasted.length === 0) return;
    event.preventDefault();
    addFiles(pasted);
  });
  attach.addEventListener('click', () => picker.click());
  picker.addEventListener('change', () => {
    addFiles([...(picker.files ?? [])]);
    picker.value = '';
    field.focus();
  });

  return {
    node,
    focus: () => field.focus(),
    update,
    addFiles,
    readDraft() {
      // Never under the hands of who is writing here.
      if (document.hasFocus() && field.matches(':focus')) return;
      field.value = chat.draft;
      fit();
      update();
    },
    handleUploadEnd({ state, name }) {
      say(state === 'done' ? words.uploaded(name) : words.uploadFailed(name), false);
    },
  };
}
