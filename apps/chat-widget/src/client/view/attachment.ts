import type { ChatAttachment } from '@tradewind/shared/chat/wire';
import { element, icon } from '../../common/dom.ts';
import { isPicture } from '../uploads.ts';
import type { Words } from '../words/words.ts';
import type { Format } from './format.ts';
import { ICONS } from './icons.ts';

/** A file in a message: a picture shows itself, anything else its name and size. */
export function createAttachment(file: ChatAttachment, server: string, words: Words, format: Format): HTMLElement {
  const href = file.url === null ? null : new URL(file.url, server).href;
  const attributes = { href, target: '_blank', rel: 'noopener noreferrer' };
  const size = element('span', { class: 'size' }, format.size(file.sizeBytes));
  const card = element('a', { ...attributes, class: 'file' }, icon(ICONS.file));
  card.append(element('span', { class: 'file-name', dir: 'auto' }, file.name), size);
  if (href === null || !isPicture(file.contentType)) return card;

  const picture = element('img', { src: href, alt: file.name, loading: 'lazy', decoding: 'async' });
  const link = element('a', { ...attributes, class: 'picture', 'aria-label': words.open(file.name) }, picture);
  picture.addEventListener('error', () => link.replaceWith(card), { once: true });
  return link;
}
