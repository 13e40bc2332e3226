// What a migration would lock, found out by doing it: everything runs in one transaction that is rolled back, and PostgreSQL tells which locks
// it holds. So the answer is exact, and costs the locks for as long as the rehearsal takes; a lock that is not had at once ends it.
import type pg from 'pg';

/** A table, with the strongest lock that is taken on it. */
export interface Locked {
  readonly table: string;
  /** As PostgreSQL calls it: AccessExclusiveLock. */
  readonly mode: string;
  /** What the others may still do meanwhile. */
  readonly leaves: string;
  readonly rows: number;
}

/** From the weakest to the strongest, and what each leaves to others. Weaker ones keep nobody waiting who reads or writes. */
const modes: readonly (readonly [mode: string, leaves: string])[] = [
  ['ShareLock', 'reading'],
  ['ShareRowExclusiveLock', 'reading'],
  ['ExclusiveLock', 'reading'],
  ['AccessExclusiveLock', 'nothing'],
];

/** A file that is not applied yet, and what others have to wait for while it is. */
export interface Step {
  /** Of a migration its name, of a function its path. */
  readonly file: string;
  readonly locks: readonly Locked[];
}

export interface Plan {
  readonly migrations: readonly Step[];
  /** All of them are one transaction, so their locks are held together. */
  readonly functions: { readonly files: readonly string[]; readonly locks: readonly Locked[] };
}

interface Rehearsal {
  readonly migrations: readonly { readonly name: string; readonly text: string }[];
  /** Applies the functions within the transaction that is open. @returns their paths */
  applyFunctions(): Promise<string[]>;
}

/** A rehearsal must not keep a working system waiting. */
const lockTimeout = '200ms';
const statementTimeout = '5s';

/** Everything that is pending, as it would go now. Nothing of it stays. @throws DatabaseError, 55P03 where something is in use, 57014 where it takes long */
export async function rehearse(db: pg.Client, { migrations, applyFunctions }: Rehearsal): Promise<Plan> {
  await db.query('begin');
  try {
    await db.query(`set local lock_timeout = '${lockTimeout}'; set local statement_timeout = '${statementTimeout}'`);
    const tables = await tablesOf(db);
    const steps: Step[] = [];
    // Those of earlier files are held all the while: each file tells what it adds.
    const known = new Set<string>();
    const added = async () => fresh(await locksHeld(db, tables), known);
    for (const { name, text } of migrations) {
      await db.query(text);
      steps.push({ file: name, locks: await added() });
    }
    await db.query('set local search_path to pg_catalog');
    return { migrations: steps, functions: { files: await applyFunctions(), locks: await added() } };
  } finally {
    await db.query('rollback');
  }
}

function fresh(locks: readonly Locked[], known: Set<string>): Locked[] {
  const added = locks.filter(({ table, mode }) => !known.has(`${table} ${mode}`));
  for (const { table, mode } of added) known.add(`${table} ${mode}`);
  return added;
}

const schemas = ['app_public', 'app_hidden', 'app_private', 'graphile_worker'];

async function tablesOf(db: pg.Client): Promise<string[]> {
  const { rows } = await db.query<{ oid: string }>(
    `select oid::text from pg_class where relkind in ('r', 'p') and relnamespace in (select oid from pg_namespace where nspname = any ($1))`,
    [schemas],
  );
  return rows.map(({ oid }) => oid);
}

/** The strongest lock on each of these tables that somebody could have to wait for, the gravest first. */
async function locksHeld(db: pg.Client, tables: readonly string[]): Promise<Locked[]> {
  const { rows } = await db.query<{ table: string; mode: string; rows: string }>(
    `select n.nspname || '.' || c.relname as table, l.mode, greatest(c.reltuples, 0)::bigint as rows
       from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
      where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted and c.oid = any ($1::oid[])`,
    [tables],
  );
  const ranked = rows.map((row) => ({ ...row, rank: modes.findIndex(([mode]) => mode === row.mode) }));
  const strongest = new Map(
    ranked
      .filter(({ rank }) => rank >= 0)
      .toSorted((a, b) => a.rank - b.rank)
      .map((row) => [row.table, row]),
  );
  return [...strongest.values()]
    .toSorted((a, b) => b.rank - a.rank || a.table.localeCompare(b.table))
    .map(({ table, mode, rows: count, rank }) => ({
      table,
      mode,
      rows: Number(count),
      leaves: modes[rank]?.[1] ?? '',
    }));
}
