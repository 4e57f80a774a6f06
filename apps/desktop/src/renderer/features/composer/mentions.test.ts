import { buildAgent } from '@tradewind/shared/testing/builders';
import { expect, test } from 'vitest';
import { findMentions } from './mentions.ts';

const agents = [
  buildAgent({ id: 'ana', name: 'Ana' }),
  buildAgent({ id: 'lopez', name: 'Ana Lopez' }),
  buildAgent({ id: 'lin', name: '林晓' }),
  buildAgent({ id: 'gone', name: 'Sven', disabled: true }),
];

test.each([
  ['@Ana please look', ['ana']],
  ['please look, @ana!', ['ana']],
  ['@Ana Lopez please look', ['lopez']],
  ['@Ana Lopez and @Ana', ['lopez', 'ana']],
  ['@林晓请留意客户回复', ['lin']],
  ['请@林晓跟进', ['lin']],
  ['@Anabel is a customer', []],
  ['write to shop@ana.example', []],
  ['Ana, please', []],
  ['@Sven is gone', []],
  ['@', []],
])('%j mentions %j', (text, ids) => {
  expect(findMentions(text, agents).toSorted()).toEqual(ids.toSorted());
});
