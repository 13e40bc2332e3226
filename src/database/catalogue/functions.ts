import type { Queryable } from '../pool.ts';
import { granteesSql } from './grants.ts';

interface Row {
  signature: string;
  result: string | null;
  traits: string;
  config: string;
  executors: string;
  comment: string | null;
}

/** Functions and procedures with what they promise and who may execute them. */
export async function functionsOf(db: Queryable, schema: string): Promise<string[]> {
  const { rows } = await db.query<Row>(
    `select proname || '(' || pg_get_function_arguments(p.oid) || ')' as signature,
            pg_get_function_result(p.oid) as result,
            concat_ws(', ', lanname,
              case provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
              case when proisstrict then 'strict' end,
              case when prosecdef then 'security definer' end,
              case proparallel when 's' then 'parallel safe' when 'r' then 'parallel restricted' end) as traits,
            coalesce(array_to_string(proconfig, '; '), 'no settings') as config,
            ${granteesSql("coalesce(proacl, acldefault('f', proowner))", 'proowner')} as executors,
            obj_description(p.oid, 'pg_proc') as comment
       from pg_proc p
       join pg_language l on l.oid = prolang
      where pronamespace = to_regnamespace($1)
        and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
      order by proname collate "C", pg_get_function_identity_arguments(p.oid) collate "C"`,
    [schema],
  );
  return rows.length === 0 ? [] : ['### Functions\n', ...rows.map(describe)];
}

function describe({ signature, result, traits, config, executors, comment }: Row): string {
  const returns = result === null ? '' : ` → ${result}`;
  return `#### ${signature}${returns}\n\n${comment ?? '(no comment)'}\n\n- ${traits}\n- ${config}\n- execute: ${executors}\n`;
}
