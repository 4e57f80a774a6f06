import { AppError, type FieldError } from '@tradewind/shared/protocol/errors';
import type { z } from 'zod';
import type { AnyConnector } from './connectors.ts';

/** What stands in place of a secret in every answer, and in a PATCH that keeps it. */
export const SECRET_MARK = 'set';

export type RawConfig = Readonly<Record<string, unknown>>;

/** A configuration as it is stored: the admin's own words, secrets apart. */
export interface SplitConfig {
  config: RawConfig;
  secrets: RawConfig;
}

/**
 * Lays a change over a stored configuration: a key left out stays, `null` clears, `"set"` keeps a stored secret.
 *
 * @throws AppError `bad-input` when `"set"` is given for a secret that is not stored.
 */
export function mergeConfig(stored: SplitConfig, patch: RawConfig, secretKeys: readonly string[]): RawConfig {
  const merged: Record<string, unknown> = { ...stored.config, ...stored.secrets };
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (!secretKeys.includes(key) || value !== SECRET_MARK) merged[key] = value;
    else if (!Object.hasOwn(stored.secrets, key)) {
      errors.push({
        path: `config.${key}`,
        message: '"set" keeps a stored secret, and none is stored: give the secret itself',
      });
    }
  }
  if (errors.length > 0) throw new AppError('bad-input', 'The configuration is not valid.', { errors });
  return merged;
}

/**
 * Checks a configuration with the connector's schema.
 *
 * @returns what the connector works with: defaults filled in, secrets included.
 * @throws AppError `bad-input` naming every field that is wrong and every key that is unknown; never a value.
 */
export function parseAccountConfig(connector: AnyConnector['connector'], config: RawConfig): unknown {
  const parsed = connector.configSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  throw new AppError('bad-input', 'The configuration is not valid.', {
    errors: parsed.error.issues.flatMap((issue) => toFieldErrors(issue, config)),
  });
}

function toFieldErrors(issue: z.core.$ZodIssue, config: RawConfig): FieldError[] {
  const path = ['config', ...issue.path.map(String)].join('.');
  if (issue.path.length === 1 && config[String(issue.path[0])] === undefined) return [{ path, message: 'is required' }];
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: `${path}.${key}`, message: 'unknown key' }));
}

export function splitConfig(config: RawConfig, secretKeys: readonly string[]): SplitConfig {
  const isSecret = ([key]: [string, unknown]) => secretKeys.includes(key);
  const entries = Object.entries(config);
  return {
    config: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: Object.fromEntries(entries.filter(isSecret)),
  };
}

/** The configuration for people: secrets read back as `"set"`, or not at all when there is none (R16). */
export function toShownConfig(stored: SplitConfig): RawConfig {
  return { ...stored.config, ...Object.fromEntries(Object.keys(stored.secrets).map((key) => [key, SECRET_MARK])) };
}
