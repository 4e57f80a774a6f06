import type { ChatSettings, PreChatField } from '@tradewind/shared/chat/wire';

export type FieldName = 'name' | 'email';
export type FieldProblem = 'needed' | 'malformed';
export type Answers = Record<FieldName, string>;

export const FIELDS: readonly FieldName[] = ['name', 'email'];

export function asksAnything(fields: ChatSettings['preChat']): boolean {
  return FIELDS.some((name) => fields[name] !== 'off');
}

/** What is wrong with the answers; the desk has the last word about mail addresses. */
export function checkAnswers(
  fields: ChatSettings['preChat'],
  answers: Answers,
): Partial<Record<FieldName, FieldProblem>> {
  const problems: Partial<Record<FieldName, FieldProblem>> = {};
  for (const name of FIELDS) {
    const problem = checkAnswer(name, fields[name], answers[name].trim());
    if (problem !== null) problems[name] = problem;
  }
  return problems;
}

function checkAnswer(name: FieldName, field: PreChatField, answer: string): FieldProblem | null {
  if (field === 'off') return null;
  if (answer === '') return field === 'required' ? 'needed' : null;
  return name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(answer) ? 'malformed' : null;
}
