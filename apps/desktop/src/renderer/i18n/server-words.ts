import type { TFunction } from 'i18next';

/**
 * Sentences of the server that people may meet in a form, and the words of the screens for them. Sentences that are not
 * here are shown as they came: exact English is better than nothing.
 */
const KNOWN = {
  'is required': 'setup.says.required',
  'must not be empty': 'setup.says.required',
  'must be a mail address': 'setup.says.email',
  'must be a mail address such as name@example.com': 'setup.says.email',
  'is taken': 'setup.says.taken',
  'must have at least 8 characters': 'setup.says.shortPassword',
  'must not be the mail address': 'setup.says.passwordIsEmail',
  'must have at most 200 characters': 'setup.says.longName',
  'is not the code that was printed where the server was started': 'setup.says.setupCode',
  'Enter the HTTP webhook signing key.': 'setup.says.required',
  'Enter the secret that webhooks are signed with.': 'setup.says.required',
  'Enter the sending domain, such as mail.shop.example.': 'setup.says.domain',
  'Enter a mail address, with or without a name: Support <support@mail.shop.example>.': 'setup.says.sender',
  'Enter the shop domain, such as name.myshopify.com.': 'setup.says.shop',
  'Enter an API version, such as 2026-07.': 'setup.says.apiVersion',
  'Enter an http or https address.': 'setup.says.url',
  'the signature is wrong': 'setup.says.wrongSignature',
  'the signature fields are missing': 'setup.says.noSignature',
  'the signature object is missing': 'setup.says.noSignature',
  'the signature header is missing': 'setup.says.noSignature',
  'the request is too old': 'setup.says.tooOld',
  'the timestamp lies in the future': 'setup.says.future',
  'the request is from another shop': 'setup.says.otherShop',
  'is not your password': 'setup.says.wrongPassword',
  'is not the code that the app shows now': 'setup.says.wrongCode',
  'belongs to an agent of this desk': 'setup.says.emailOfAgent',
  'This is the last admin: make another one first.': 'setup.says.lastAdmin',
  'must be the name of a time zone, such as Asia/Shanghai': 'setup.says.timeZone',
  'must be an origin such as https://www.shop.example, without a path': 'setup.says.origin',
  'must end after it begins; hours over midnight are two entries, one to 24:00': 'setup.says.hours',
} as const;

/** The one sentence that names something of its own: the page that is not allowed. */
const OTHER_ORIGIN = /^the origin (.+) is not in allowedOrigins$/;

function isKnown(sentence: string): sentence is keyof typeof KNOWN {
  return Object.hasOwn(KNOWN, sentence);
}

export function translateServerWords(sentence: string, t: TFunction): string {
  if (isKnown(sentence)) return t(KNOWN[sentence]);
  const origin = OTHER_ORIGIN.exec(sentence)?.[1];
  return origin === undefined ? sentence : t('setup.says.otherOrigin', { origin });
}
