import type { Queryable } from '../pool.ts';

/** The names of the migrations that the database has. Throws 42883 or 3F000 where it was never migrated, or not this far. */
export async function appliedMigrations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ names: string[] }>('select app_private.applied_migrations() as names');
  return rows[0]?.names ?? [];
}
