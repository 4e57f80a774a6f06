import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { TagIcon, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../../session/desk-context.ts';
import styles from './ThreadHeader.module.css';

const LONGEST_TAG = 60;

/** One more tag, by name. */
export function AddTag({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');

  function handleSubmit(event: FormEvent) {
    event.preventDefault();
    const tag = name.trim();
    if (tag === '') return;
    if (!conversation.tags.includes(tag)) {
      void desk.send({ type: 'tag', conversationId: conversation.id, add: [tag] });
    }
    setName('');
    setOpen(false);
  }

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={styles.addTag} aria-label={t('header.addTag')} title={t('header.addTag')}>
        <TagIcon size={14} strokeWidth={1.75} aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('header.addTag')}
        >
          <form onSubmit={handleSubmit}>
            <input
              className={styles.tagInput}
              aria-label={t('header.tagName')}
              placeholder={t('header.tagName')}
              maxLength={LONGEST_TAG}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className={styles.tagSubmit} disabled={name.trim() === ''}>
              {name.trim() === '' ? t('header.addTag') : t('header.addTagNamed', { tag: name.trim() })}
            </button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The conversation's tags; each can be taken off. */
export function Tags({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const desk = useDesk();
  return (
    <ul className={styles.tags} aria-label={t('header.tags')}>
      {conversation.tags.map((tag) => (
        <li key={tag} className={styles.tag}>
          <bdi className="ellipsis">{tag}</bdi>
          <button
            type="button"
            className={styles.removeTag}
            aria-label={t('header.removeTag', { tag })}
            title={t('header.removeTag', { tag })}
            onClick={() => void desk.send({ type: 'tag', conversationId: conversation.id, remove: [tag] })}
          >
            <X size={12} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
