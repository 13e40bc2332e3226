// What a key of the configuration says of itself, beside its description: the README's table, error messages and `config check` are made of it.
import type { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /** What a number counts: days, bytes. */
    unit?: string;
    /** What a text looks like; told where a value is wrong, after "expected". */
    format?: string;
    /** What holds where the key is not set and has no default. */
    absent?: string;
    /** Its value is never shown, and may come from a file. */
    secret?: boolean;
  }
}

export type Keys = Readonly<Record<string, z.ZodType>>;

/** @throws Error naming a key that says nothing of itself */
export function metaOf(keys: Keys, key: string): z.GlobalMeta & { description: string } {
  const meta = keys[key]?.meta();
  const description = meta?.description;
  if (description === undefined)
    throw new Error(`src/config.ts: ${key} has no description; add one by .meta({ description })`);
  return { ...meta, description };
}

/** Keys whose value is never shown. */
export function secretsAmong(keys: Keys): string[] {
  return Object.keys(keys).filter((key) => keys[key]?.meta()?.secret === true);
}
