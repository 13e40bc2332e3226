import type { Queryable } from '../pool.ts';

/** The ids of the services whose providers may be asked what became of their mails. */
export async function servicesToReconcile(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.services_to_reconcile() as id');
  return rows.map(({ id }) => id);
}
