import { element, icon, iconButton, setAttributes, setText } from '../../common/dom.ts';
import type { Upload, Uploads } from '../uploads.ts';
import type { Words } from '../words/words.ts';
import type { Format } from './format.ts';
import { ICONS } from './icons.ts';

interface Options {
  uploads: Uploads;
  words: Words;
  format: Format;
}

interface Row {
  node: HTMLElement;
  update(upload: Upload): void;
}

/** The files of the message that is being written, each with how far it is. */
export function createUploadList({ uploads, words, format }: Options): { node: HTMLElement; update(): void } {
  const node = element('ul', { class: 'uploads', hidden: true });
  const rows = new Map<string, Row>();

  function createRow({ id, name, preview }: Upload): Row {
    const picture = preview === null ? icon(ICONS.file) : element('img', { src: preview, alt: '' });
    // A page whose policy does not know blob: shows no picture of what is not at the desk yet.
    picture.addEventListener('error', () => picture.replaceWith(icon(ICONS.file)), { once: true });
    const status = element('span', { class: 'size' });
    const progress = element('progress', { max: '100', 'aria-label': name });
    const retry = iconButton('small', words.retryFile(name), ICONS.retry);
    retry.addEventListener('click', () => uploads.retry(id));
    const remove = iconButton('small', words.remove(name), ICONS.close);
    remove.addEventListener('click', () => uploads.remove(id));
    const title = element('span', { class: 'file-name', dir: 'auto' }, name);
    const row = element(
      'li',
      {},
      picture,
      element('span', { class: 'upload' }, title, status, progress),
      retry,
      remove,
    );
    return {
      node: row,
      update({ state, percent, sizeBytes }) {
        row.classList.toggle('failed', state === 'failed');
        setText(status, describe({ state, sizeBytes, name }));
        progress.hidden = state !== 'uploading';
        setAttributes(progress, { value: String(percent), 'aria-valuetext': words.uploading(name, percent) });
        retry.hidden = state !== 'failed';
      },
    };
  }

  function describe({ state, sizeBytes, name }: Pick<Upload, 'state' | 'sizeBytes' | 'name'>): string {
    if (state === 'failed') return words.uploadFailed(name);
    const size = format.size(sizeBytes);
    return state === 'waiting' ? `${size} · ${words.uploadWaits}` : size;
  }

  return {
    node,
    update() {
      const list = uploads.list();
      node.hidden = list.length === 0;
      for (const [id, row] of rows) {
        if (list.some((upload) => upload.id === id)) continue;
        row.node.remove();
        rows.delete(id);
      }
      for (const upload of list) {
        const row = rows.get(upload.id) ?? createRow(upload);
        if (!rows.has(upload.id)) node.append(row.node);
        rows.set(upload.id, row);
        row.update(upload);
      }
    },
  };
}
