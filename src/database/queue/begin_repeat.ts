import type { Queryable } from '../pool.ts';
import type { Refusal } from './begin_sends.ts';

/** Why a mail must not be handed over once more; `TWICE`: the provider may not know it as the same mail. See docs/errors.md. */
export type RepeatRefusal = Refusal | 'TWICE';

/** Extends the lease of a mail whose outcome is unknown. @returns null when it may be handed over once more. */
export async function beginRepeat(
  db: Queryable,
  serviceId: string,
  claimToken: string,
  subTaskId: string,
): Promise<RepeatRefusal | null> {
  const { rows } = await db.query<{ refusal: RepeatRefusal | null }>({
    name: 'begin_repeat',
    text: 'select app_private.begin_repeat($1, $2, $3) as refusal',
    values: [serviceId, claimToken, subTaskId],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('begin_repeat gave no answer');
  return row.refusal;
}
