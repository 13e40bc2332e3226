import { z } from 'zod';
import type { Keys } from './meta.ts';

const shape = z.object({
  type: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  enum: z.array(z.string()).optional(),
});

type Shape = z.infer<typeof shape>;

/** What a value of this key looks like, in words that follow "expected". The bounds are the schema's own. */
export function formatOf(keys: Keys, key: string): string {
  const schema = keys[key];
  if (schema === undefined) return 'nothing';
  const meta = schema.meta();
  if (meta?.format !== undefined) return meta.format;
  const found = shape.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  if (found.enum !== undefined) return `one of ${found.enum.join(', ')}`;
  if (found.type === 'integer' || found.type === 'number') return numberFormat(found, meta?.unit);
  return 'a text';
}

function numberFormat({ type, ...bounds }: Shape, unit: string | undefined): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  return [unit === undefined ? kind : `${kind} of ${unit}`, range(bounds)].filter((part) => part !== '').join(', ');
}

function range({ minimum, maximum }: Omit<Shape, 'type'>): string {
  // Every whole number has this bound.
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum === undefined) return isBounded ? `${written(maximum)} at most` : '';
  return isBounded ? `${written(minimum)} to ${written(maximum)}` : `${written(minimum)} or more`;
}

// As it is typed: with no marks between the thousands.
function written(bound: number): string {
  return String(bound);
}
