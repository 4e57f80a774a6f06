import { expect, test } from 'vitest';
import { buildAccount } from '../../desk/testing/build-account.ts';
import { findMissing, toConfig, toFormValues } from './draft.ts';
import { kindOf } from './kinds.ts';

const mailgun = kindOf('mailgun');
const chat = kindOf('web-chat');

test('[R16] a stored secret is never in the form, and is left out of a change that does not touch it', () => {
  const account = buildAccount({
    config: {
      domain: 'mail.example',
      fromAddress: 'a@mail.example',
      signingKey: 'set',
      apiKey: 'set',
    },
  });
  const values = toFormValues(mailgun, account.config);
  expect(values).toMatchObject({ signingKey: '', apiKey: '' });
  expect(findMissing(mailgun, values, account)).toEqual([]);
  expect(toConfig(mailgun, values, account)).toEqual({ domain: 'mail.example', fromAddress: 'a@mail.example' });
  expect(toConfig(mailgun, { ...values, apiKey: ' new ' }, account)).toHaveProperty('apiKey', 'new');
});

test('what must be filled in is named; white space fills nothing in', () => {
  const values = { ...toFormValues(mailgun, {}), domain: '  ' };
  expect(findMissing(mailgun, values, null)).toEqual(['domain', 'fromAddress', 'signingKey']);
});

test('an emptied field is cleared where something was stored, and not mentioned where nothing was', () => {
  const account = buildAccount({
    config: {
      domain: 'd.example',
      fromAddress: 'a@d.example',
      apiBaseUrl: 'https://api.eu.mailgun.net',
    },
  });
  const values = { ...toFormValues(mailgun, account.config), apiBaseUrl: '' };
  expect(toConfig(mailgun, values, account)).toHaveProperty('apiBaseUrl', null);
  expect(toConfig(mailgun, { ...values, apiBaseUrl: '' }, null)).not.toHaveProperty('apiBaseUrl');
});

test('addresses of pages become the origins that browsers send', () => {
  const values = {
    ...toFormValues(chat, {}),
    allowedOrigins: 'https://Shop.example/cart?x=1\nwww.shop.example, http://127.0.0.1:8080/\nnonsense',
  };
  expect(toConfig(chat, values, null)).toHaveProperty('allowedOrigins', [
    'https://shop.example',
    'https://www.shop.example',
    'http://127.0.0.1:8080',
    'nonsense',
  ]);
});

test('a number is sent as a number; what is none goes out as typed, for the server to refuse', () => {
  const shop = kindOf('shopify');
  const values = { ...toFormValues(shop, {}), shop: 's.myshopify.com', pollMinutes: '15' };
  expect(toConfig(shop, values, null)).toHaveProperty('pollMinutes', 15);
  expect(toConfig(shop, { ...values, pollMinutes: 'often' }, null)).toHaveProperty('pollMinutes', 'often');
});
