import type { Queryable } from '../pool.ts';
import type { SealedValue } from './sealed_otherwise.ts';

export interface Resealed {
  readonly value: SealedValue;
  readonly sealed: Buffer;
  /** Of credentials: see `accountTag`. */
  readonly tag: Buffer | null;
}

/** Puts newly sealed values in place of those that are still as they were read, in one transaction. @returns how many */
export async function reseal(db: Queryable, values: readonly Resealed[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    text: 'select app_private.reseal($1, $2, $3, $4, $5) as count',
    values: [
      values.map(({ value }) => value.kind),
      values.map(({ value }) => value.id),
      values.map(({ value }) => value.sealed),
      values.map(({ sealed }) => sealed),
      values.map(({ tag }) => tag),
    ],
  });
  return rows[0]?.count ?? 0;
}
