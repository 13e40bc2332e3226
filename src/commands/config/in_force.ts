// The value of every key, and where it is from.
import { z } from 'zod';
import { metaOf } from '../../config/meta.ts';
import { type Config, keys, type Reading } from '../../config.ts';

export const inForce = z.strictObject({
  key: z.string(),
  /** As it would be written; of a secret nothing but "set"; null: not set, and no default. */
  value: z.string().nullable(),
  source: z.enum(['default', 'environment', 'file']),
  /** Where a value of the source file was read. */
  file: z.string().nullable(),
});

export type InForce = z.infer<typeof inForce>;

export function valuesInForce({ config, origins }: Reading): InForce[] {
  return Object.keys(keys.shape).map((key) => {
    const origin = origins.get(key) ?? { source: 'default' };
    return {
      key,
      value: shown(config, key, origin.source !== 'default'),
      source: origin.source,
      file: origin.source === 'file' ? origin.file : null,
    };
  });
}

function shown(config: Config, key: string, isSet: boolean): string | null {
  if (metaOf(keys.shape, key).secret === true) return isSet ? 'set' : 'not set';
  const value = new Map<string, unknown>(Object.entries(config)).get(key);
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(',');
  return value === undefined ? null : String(value);
}
