import type { Queryable } from '../pool.ts';

/** What only a worker can know, for the rule disk_low: what is free of the disk, or what the database may take. In bytes. */
export type Given = { freeBytes: number; totalBytes: number } | { mostBytes: number } | Record<string, never>;

/** Measures what a rule is about; its alerts are opened, counted and resolved. @returns how many are found; 0, too, when somebody else looks. */
export async function evaluateRule(db: Queryable, kind: string, given: Given = {}): Promise<number> {
  const { rows } = await db.query<{ found: number }>('select app_private.evaluate_rule($1, $2) as found', [
    kind,
    JSON.stringify(given),
  ]);
  return rows[0]?.found ?? 0;
}
