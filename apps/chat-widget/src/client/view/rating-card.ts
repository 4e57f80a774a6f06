import { element } from '../../common/dom.ts';
import type { Chat } from '../chat.ts';
import type { Words } from '../words/words.ts';

export interface RatingCard {
  readonly node: HTMLElement;
  update(): void;
}

/** After a conversation was resolved: five words to choose from, and a comment for who has one. */
export function createRatingCard(chat: Chat, words: Words): RatingCard {
  const question = element('h2', { id: 'rating-question' }, words.rate);
  const choices = words.scores.map((word, index) => createChoice(word, index + 1));
  const scale = element('div', { class: 'scale', role: 'radiogroup', 'aria-labelledby': question.id });
  scale.append(...choices.map(({ label }) => label));
  const comment = element('textarea', { id: 'rating-comment', rows: '2', maxlength: '2000', dir: 'auto' });
  const label = element(
    'label',
    { for: comment.id },
    words.comment,
    element('span', { class: 'optional' }, ` (${words.optional})`),
  );
  const send = element('button', { type: 'submit', class: 'primary' }, words.sendRating);
  const more = element('div', { class: 'more', hidden: true }, label, comment, send);
  const notNow = element('button', { type: 'button', class: 'quiet' }, words.notNow);
  const form = element('form', { class: 'rating' }, question, scale, more, notNow);
  const thanks = element('p', { class: 'thanks', role: 'status' }, words.thanks);
  const closed = element('p', { class: 'closed', role: 'status' }, words.resolved);
  const card = element('div');
  const node = element('div', { class: 'after', hidden: true }, closed, card);
  let shown: string | null = null;

  form.addEventListener('change', () => {
    more.hidden = chosen() === null;
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const score = chosen();
    if (score !== null) chat.rate(score, comment.value.trim());
  });
  notNow.addEventListener('click', () => chat.passOverRating());

  function chosen(): number | null {
    const choice = choices.find(({ input }) => input.checked);
    return choice ? Number(choice.input.value) : null;
  }

  return {
    node,
    update() {
      const { rating, talk } = chat;
      node.hidden = talk.conversation.state !== 'resolved';
      const next = rating === null ? '' : `${rating.conversationId} ${rating.done}`;
      if (shown === next) return;
      shown = next;
      form.reset();
      more.hidden = true;
      card.replaceChildren(...(rating === null ? [] : [rating.done ? thanks : form]));
    },
  };
}

function createChoice(word: string, score: number) {
  const input = element('input', { type: 'radio', name: 'score', value: String(score) });
  const number = element('span', { class: 'score', 'aria-hidden': 'true' }, String(score));
  const label = element('label', {}, input, number, element('span', { class: 'word' }, word));
  return { input, label };
}
