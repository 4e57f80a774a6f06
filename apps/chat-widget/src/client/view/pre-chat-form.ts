import { element, setAttributes, setText } from '../../common/dom.ts';
import type { Chat } from '../chat.ts';
import { type Answers, checkAnswers, FIELDS, type FieldName, type FieldProblem } from '../pre-chat.ts';
import type { Words } from '../words/words.ts';

export interface PreChatForm {
  readonly node: HTMLElement;
  focus(): void;
  update(): void;
}

const TYPES = { name: 'text', email: 'email' } as const;

/** Asks who is writing, before the first message and only once. */
export function createPreChatForm(chat: Chat, words: Words, done: () => void): PreChatForm {
  const fields = FIELDS.map((name) => createField(name, words));
  const start = element('button', { type: 'submit', class: 'primary' }, words.start);
  const title = element('h2', {}, words.before);
  const node = element('form', { class: 'pre-chat', novalidate: true, hidden: true }, title);
  node.append(element('p', { class: 'why' }, words.beforeWhy), ...fields.map((field) => field.node), start);

  node.addEventListener('submit', (event) => {
    event.preventDefault();
    const answers = Object.fromEntries(fields.map(({ name, input }) => [name, input.value])) as Answers;
    const problems = checkAnswers(chat.settings.preChat, answers);
    for (const field of fields) field.showProblem(problems[field.name] ?? null);
    const wrong = fields.find(({ name }) => problems[name]);
    if (wrong) return wrong.input.focus();
    chat.answerForm(answers);
    done();
  });

  return {
    node,
    focus: () => fields.find((field) => !field.node.hidden)?.input.focus(),
    update() {
      node.hidden = false;
      for (const field of fields) field.setKind(chat.settings.preChat[field.name]);
      if (chat.asks === 'again') fields.find(({ name }) => name === 'email')?.showProblem('malformed');
    },
  };
}

function createField(name: FieldName, words: Words) {
  const input = element('input', {
    id: `field-${name}`,
    type: TYPES[name],
    autocomplete: name,
    dir: 'auto',
    maxlength: '200',
  });
  const optional = element('span', { class: 'optional' });
  const problem = element('p', { id: `problem-${name}`, class: 'problem' });
  const label = element('label', { for: input.id }, words[name], optional);
  const node = element('div', { class: 'field' }, label, input, problem);
  return {
    name,
    input,
    node,
    setKind(kind: 'off' | 'optional' | 'required') {
      node.hidden = kind === 'off';
      setText(optional, kind === 'optional' ? ` (${words.optional})` : '');
      setAttributes(input, { required: kind === 'required' });
    },
    showProblem(kind: FieldProblem | null) {
      const needed = name === 'name' ? words.needName : words.needEmail;
      setText(problem, kind === null ? '' : kind === 'needed' ? needed : words.badEmail);
      setAttributes(input, {
        'aria-invalid': kind === null ? null : 'true',
        'aria-describedby': kind === null ? null : problem.id,
      });
    },
  };
}
