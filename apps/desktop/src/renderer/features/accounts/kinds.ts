import type { AccountFamily } from '../../desk/api/accounts.ts';

export type FieldType =
  | 'text'
  | 'secret'
  | 'long-text'
  | 'list'
  | 'number'
  | 'colour'
  | 'switch'
  | 'pre-chat'
  | 'office-hours';

/** One key of an account's configuration as a form shows it (docs/configuration.md). */
export interface FieldDefinition {
  key: string;
  type: FieldType;
  required?: boolean;
  /** Below "More settings": few need it. */
  extra?: boolean;
  placeholder?: string;
}

export interface KindDefinition {
  kind: AccountKind;
  family: AccountFamily;
  fields: readonly FieldDefinition[];
}

export const accountKinds = ['mailgun', 'web-chat', 'shopify'] as const;
export type AccountKind = (typeof accountKinds)[number];

/** Words: `setup.account.{kind}.{key}` and `…{key}Hint`. */
const DEFINITIONS: Readonly<Record<AccountKind, KindDefinition>> = {
  mailgun: {
    kind: 'mailgun',
    family: 'channels',
    fields: [
      { key: 'domain', type: 'text', required: true, placeholder: 'mail.example.com' },
      { key: 'fromAddress', type: 'text', required: true, placeholder: 'Support <support@mail.example.com>' },
      { key: 'signingKey', type: 'secret', required: true },
      { key: 'apiKey', type: 'secret' },
      { key: 'apiBaseUrl', type: 'text', extra: true, placeholder: 'https://api.mailgun.net' },
    ],
  },
  'web-chat': {
    kind: 'web-chat',
    family: 'channels',
    fields: [
      { key: 'allowedOrigins', type: 'list', required: true, placeholder: 'https://www.example.com' },
      { key: 'greeting', type: 'long-text', extra: true },
      { key: 'accentColor', type: 'colour', extra: true },
      { key: 'preChat', type: 'pre-chat', extra: true },
      { key: 'officeHours', type: 'office-hours', extra: true },
      { key: 'askRating', type: 'switch', extra: true },
      { key: 'identitySecret', type: 'secret', extra: true },
    ],
  },
  shopify: {
    kind: 'shopify',
    family: 'stores',
    fields: [
      { key: 'shop', type: 'text', required: true, placeholder: 'name.myshopify.com' },
      { key: 'clientSecret', type: 'secret', required: true },
      { key: 'accessToken', type: 'secret' },
      { key: 'apiVersion', type: 'text', extra: true, placeholder: '2026-07' },
      { key: 'pollMinutes', type: 'number', extra: true, placeholder: '10' },
      { key: 'apiBaseUrl', type: 'text', extra: true, placeholder: 'https://name.myshopify.com' },
    ],
  },
};

/** Null for a kind this console does not know yet: a newer server has it. */
export function findKind(kind: string): KindDefinition | null {
  const known = accountKinds.find((each) => each === kind);
  return known ? DEFINITIONS[known] : null;
}

export function kindOf(kind: AccountKind): KindDefinition {
  return DEFINITIONS[kind];
}
