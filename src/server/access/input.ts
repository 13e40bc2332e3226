import type { z } from 'zod';
import { Fault } from '../errors.ts';

/**
 * What GraphQL has read, checked for what it can not know. No message repeats what was given: it may be a password in the wrong place.
 * @throws Fault BADIN naming the field
 */
export function parseInput<T extends z.ZodType>(shape: T, given: unknown): z.infer<T> {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('BADIN', `${issue?.path.join('.')}: ${issue?.message}`);
}

/** GraphQL's absent and null alike. */
export const optional = <T extends z.ZodType>(shape: T) => shape.nullish().transform((value) => value ?? null);
