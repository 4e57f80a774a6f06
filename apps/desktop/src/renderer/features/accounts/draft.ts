import type { Account } from '../../desk/api/accounts.ts';
import type { FieldDefinition, KindDefinition } from './kinds.ts';
import { readOfficeHours } from './office-hours.ts';

export type PreChatChoice = 'off' | 'optional' | 'required';
export const preChatChoices: readonly PreChatChoice[] = ['off', 'optional', 'required'];

/** What stands in the form, by key: text as typed, lists one entry per line. */
export type FormValues = Readonly<Record<string, unknown>>;

/** What a stored secret reads back as. */
const SECRET_MARK = 'set';

export function isStoredSecret(account: Account | null, key: string): boolean {
  return account?.config[key] === SECRET_MARK;
}

export function textOf(values: FormValues, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value : '';
}

function choiceOf(value: unknown): PreChatChoice {
  return preChatChoices.find((choice) => choice === value) ?? 'off';
}

export function preChatOf(value: unknown): { name: PreChatChoice; email: PreChatChoice } {
  const { name, email } = (typeof value === 'object' && value !== null ? value : {}) as {
    name?: unknown;
    email?: unknown;
  };
  return { name: choiceOf(name), email: choiceOf(email) };
}

function toFormValue({ key, type }: FieldDefinition, stored: unknown): [string, unknown] {
  switch (type) {
    case 'secret':
      return [key, ''];
    case 'list':
      return [key, Array.isArray(stored) ? stored.join('\n') : ''];
    case 'switch':
      return [key, stored !== false];
    case 'pre-chat':
      return [key, preChatOf(stored)];
    case 'office-hours':
      return [key, readOfficeHours(stored)];
    default:
      return [key, stored === undefined || stored === null ? '' : String(stored)];
  }
}

/** The form for a stored account, or an empty one. Secrets are never in it. */
export function toFormValues(definition: KindDefinition, config: Account['config']): FormValues {
  return Object.fromEntries(definition.fields.map((field) => toFormValue(field, config[field.key])));
}

/** Keys that must be filled in and are not; a stored secret is. */
export function findMissing(definition: KindDefinition, values: FormValues, account: Account | null): string[] {
  return definition.fields
    .filter(({ key, required }) => required && textOf(values, key).trim() === '' && !isStoredSecret(account, key))
    .map(({ key }) => key);
}

/** `undefined` leaves a key as it is, `null` clears it. */
function toConfigValue(field: FieldDefinition, value: unknown, isStored: boolean): unknown {
  if (field.type === 'switch' || field.type === 'pre-chat') return value;
  if (field.type === 'office-hours') return value ?? (isStored ? null : undefined);
  const text = typeof value === 'string' ? value.trim() : '';
  if (field.type === 'secret') return text === '' ? undefined : text;
  if (text === '') return isStored ? null : undefined;
  if (field.type === 'list') {
    return text
      .split(/[\s,，]+/)
      .map(toOrigin)
      .filter(Boolean);
  }
  // What is no number goes out as it was typed: the server says what it has to be.
  if (field.type === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
  return text;
}

/** People paste addresses of pages; an origin is what the browser sends. */
function toOrigin(entry: string): string {
  const url = URL.parse(/^[\w-]+(\.[\w-]+)+/.test(entry) ? `https://${entry}` : entry);
  return url && /^https?:$/.test(url.protocol) ? url.origin : entry;
}

/** The configuration to send: only what the form says; secrets that were not touched are left out and stay. */
export function toConfig(
  definition: KindDefinition,
  values: FormValues,
  account: Account | null,
): Record<string, unknown> {
  return Object.fromEntries(
    definition.fields.flatMap((field) => {
      const stored = account?.config[field.key];
      const value = toConfigValue(field, values[field.key], stored !== undefined && stored !== null);
      return value === undefined ? [] : [[field.key, value]];
    }),
  );
}
