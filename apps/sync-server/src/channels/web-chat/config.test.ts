import { expect, test } from 'vitest';
import { webChatConfigSchema } from './config.ts';

const explain = (config: object) =>
  webChatConfigSchema
    .safeParse({ allowedOrigins: ['https://shop.example'], ...config })
    .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);

test('origins are kept as browsers name them', () => {
  const given = [
    'https://Shop.example/',
    'http://localhost:8080',
    'https://shop.example:443',
    ' https://商店.example ',
  ];
  expect(webChatConfigSchema.parse({ allowedOrigins: given }).allowedOrigins).toEqual([
    'https://shop.example',
    'http://localhost:8080',
    'https://xn--czrs0t.example',
  ]);
});

test.each([
  'shop.example',
  'https://shop.example/path',
  'https://shop.example?x',
  'https://a@shop.example',
  '*',
  'null',
  'ftp://x.example',
  'https://',
])('%s is no origin', (origin) => {
  expect(explain({ allowedOrigins: [origin] })).toEqual([
    'allowedOrigins.0 must be an origin such as https://www.shop.example, without a path',
  ]);
});

test('what is left out has its default', () => {
  expect(
    webChatConfigSchema.parse({ allowedOrigins: ['https://shop.example'], preChat: { email: 'required' } }),
  ).toEqual({
    allowedOrigins: ['https://shop.example'],
    preChat: { name: 'off', email: 'required' },
    askRating: true,
  });
});

test('wrong values are named', () => {
  expect(explain({ accentColor: 'green' })).toEqual(['accentColor must be a colour such as #0b6e4f']);
  expect(explain({ preChat: { name: 'always' } })).toEqual(['preChat.name must be off, optional or required']);
  expect(explain({ officeHours: { timeZone: 'Berlin', days: {} } })).toEqual([
    'officeHours.timeZone must be the name of a time zone, such as Asia/Shanghai',
  ]);
  expect(explain({ colour: '#000000' })?.[0]).toContain('Unrecognized key');
});
