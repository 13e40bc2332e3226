import type { Queryable } from '../pool.ts';
import { granteesSql } from './grants.ts';

/** Who may use the schema. */
export async function schemaRights(db: Queryable, schema: string): Promise<string> {
  const { rows } = await db.query<{ users: string; comment: string | null }>(
    `select ${granteesSql('nspacl', 'nspowner')} as users, obj_description(oid, 'pg_namespace') as comment
       from pg_namespace where nspname = $1`,
    [schema],
  );
  return rows.map(({ users, comment }) => `${comment ?? ''}\n\nusage: ${users}\n`).join('');
}

/** Enums, domains and composite types, one line each. */
export async function typesOf(db: Queryable, schema: string): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(
    `select '- **' || typname || '**: ' || definition || coalesce('. ' || obj_description(oid, 'pg_type'), '') as line
       from (select t.oid, typname, ${definitionSql} as definition
               from pg_type t
               left join pg_class c on c.oid = t.typrelid
              where typnamespace = to_regnamespace($1)
                and (typtype in ('e', 'd') or c.relkind = 'c')
                and not exists (select from pg_depend where objid = t.oid and deptype = 'e')) types
      order by typname collate "C"`,
    [schema],
  );
  return rows.length === 0 ? [] : ['### Types\n', ...rows.map(({ line }) => line), ''];
}

const definitionSql = `case typtype
  when 'e' then 'enum ' || (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)
  when 'd' then 'domain ' || format_type(typbasetype, typtypmod) || coalesce(
    (select ' ' || string_agg(pg_get_constraintdef(oid), ' ' order by conname)
       from pg_constraint where contypid = t.oid and contype = 'c'), '')
  else 'composite ' || (
    select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
      from pg_attribute where attrelid = t.typrelid and not attisdropped)
end`;
