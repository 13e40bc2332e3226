import { type Queryable, safeInteger } from '../pool.ts';

/**
 * Has the inbox applied, whoever forgot to ask for it.
 * @returns how many webhooks had been due for over a minute while nobody was told; they are entered into the repairs.
 */
export async function resumeInbox(db: Queryable, why: string): Promise<number> {
  const { rows } = await db.query<{ count: string }>('select app_private.resume_inbox($1) as count', [why]);
  return safeInteger(rows[0]?.count ?? '0');
}
