import { z } from 'zod';

export const nameSchema = z
  .string('must be a name')
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters');

export const teamIdsSchema = z
  .array(z.string('must be the id of a team').max(200), 'must be a list of team ids')
  .max(100, 'must have at most 100 entries')
  .meta({ description: 'Empty: everyone.' });
