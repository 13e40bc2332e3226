// Which rows of which table somebody may read and write, tried with rows of two workspaces and of none.
import type { Queryable } from '../../src/database/pool.ts';
import { type Asker, as, type World } from './scene.ts';

export type Operation = 'select' | 'insert' | 'update' | 'delete';
export const operations: readonly Operation[] = ['select', 'insert', 'update', 'delete'];

export interface Table {
  name: string;
  columns: string[];
  key: string[];
}

interface Row {
  key: string;
  label: string;
}

/** Which workspace a row is of, for tables that do not say it in workspace_id or by their Task. */
const workspaceOf: Readonly<Record<string, string>> = {
  workspaces: 'id',
  users: '(select m.workspace_id from app_public.memberships m where m.user_id = t.id)',
  email_services: '(select g.workspace_id from app_public.email_service_grants g where g.email_service_id = t.id)',
  domain_checks:
    '(select g.workspace_id from app_public.email_service_grants g where g.email_service_id = t.email_service_id)',
  email_service_caps: 'null::uuid',
  email_service_warm_up: 'null::uuid',
  lanes: 'null::uuid',
  lane_domains: 'null::uuid',
  event_logs: 'null::uuid',
  webhook_refusal_counts: 'null::uuid',
  alert_rules: 'null::uuid',
  alert_channels: 'null::uuid',
};

/** Whose a row is, where it is a person's. */
const personOf: Readonly<Record<string, string>> = { users: 't.id', api_tokens: 't.user_id' };

export async function tablesOf(db: Queryable): Promise<Table[]> {
  const { rows } = await db.query<Table>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
            (select array_agg(k.attname::text order by k.attnum)
               from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey)
              where i.indexrelid = (select indexrelid from pg_index u where u.indrelid = c.oid and u.indisunique
                                     order by u.indisprimary desc, u.indexrelid limit 1)) as key
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'app_public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      group by c.oid
      order by c.relname collate "C"`,
  );
  return rows;
}

/** Columns of a table with which a database role may do something. */
export async function granted(db: Queryable, table: string, role: string, operation: Operation): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped
        and case when $3 = 'delete' then has_table_privilege($2, attrelid, $3) else has_column_privilege($2, attrelid, attnum, $3) end
      order by attnum`,
    [`app_public.${table}`, role, operation],
  );
  return rows.map(({ name }) => name);
}

/** The labels of the rows with which somebody succeeds: "A B –". */
export async function reach(
  db: Queryable,
  world: World,
  table: Table,
  asker: Asker,
  operation: Operation,
): Promise<string> {
  const columns = await granted(db, table.name, asker.databaseRole, operation);
  if (columns.length === 0) return '';
  const rows = await labelled(db, world, table, asker);
  const allowed = new Set<string>();
  for (const { key, label } of rows) {
    if (!allowed.has(label) && (await succeeds(db, asker, statement(table, columns, operation, key))))
      allowed.add(label);
  }
  return [...allowed].toSorted().join(' ') || 'none';
}

async function labelled(db: Queryable, { here, there }: World, table: Table, asker: Asker): Promise<Row[]> {
  const { name, columns, key } = table;
  const task = `(select x.workspace_id from app_public.tasks x where x.id = t.task_id)`;
  const ofWorkspace = workspaceOf[name] ?? (columns.includes('workspace_id') ? 't.workspace_id' : task);
  const { rows } = await db.query<Row>(
    `select key, case when person = $3 then 'own' when workspace_id = $1 then 'A' when workspace_id = $2 then 'B' else '–' end as label
       from (select ${keyText(key)} as key, ${ofWorkspace} as workspace_id, ${personOf[name] ?? 'null::uuid'} as person
               from app_public.${name} t) as rows`,
    [here.workspaceId, there.workspaceId, asker.userId ?? null],
  );
  return rows;
}

const keyText = (key: string[]) => `row(${key.map((column) => `t.${column}`).join(', ')})::text`;

function statement({ name, key }: Table, columns: string[], operation: Operation, row: string): string {
  const table = `app_public.${name}`;
  const where = `where ${keyText(key)} = '${row.replaceAll("'", "''")}'`;
  const list = columns.join(', ');
  switch (operation) {
    case 'select':
      return `select ${list} from ${table} t ${where}`;
    case 'insert':
      return `insert into ${table} (${list}) select ${list} from access_copy_of_${name} t ${where}`;
    case 'update':
      return `update ${table} t set ${columns.map((column) => `${column} = ${column}`).join(', ')} ${where}`;
    case 'delete':
      return `delete from ${table} t ${where}`;
  }
}

/** Copies of all rows, for whoever inserts them again. */
export async function copyRows(db: Queryable, tables: Table[]): Promise<void> {
  for (const { name } of tables) {
    await db.query(`create temporary table access_copy_of_${name} on commit drop as select * from app_public.${name}`);
    await db.query(`grant select on access_copy_of_${name} to postilion_visitor, postilion_user, postilion_admin`);
  }
}

/** Whether rights are no obstacle: a row is met, or it is a constraint that refuses. */
async function succeeds(db: Queryable, asker: Asker, text: string): Promise<boolean> {
  return as(db, asker, async () => {
    try {
      const { rowCount } = await db.query(text);
      return rowCount !== 0;
    } catch (error) {
      return refusedByConstraint(error);
    }
  });
}

// Class 23: unique keys, and rows that others refer to. Row-level security (42501) is asked before them.
function refusedByConstraint(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  if (error.code.startsWith('23')) return true;
  if (error.code === '42501' && /row-level security/.test(error.message)) return false;
  throw error;
}
