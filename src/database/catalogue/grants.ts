import type { Queryable } from '../pool.ts';

interface Grant {
  grantee: string;
  privilege: string;
  /** Null: the whole object. */
  column: string | null;
}

// The owner's rights go without saying, and his name differs. MAINTAIN exists since PostgreSQL 17.
const visible = `acl.grantee <> owner and acl.privilege_type <> 'MAINTAIN'`;

/** Who else may do what with a table or view: `role: select; update (a, b)`. */
export async function tableGrants(db: Queryable, oid: string): Promise<string[]> {
  const { rows } = await db.query<Grant>(
    `select coalesce(grantee.rolname, 'PUBLIC') as grantee, lower(privilege_type) as privilege, name as column
       from (select relowner as owner, relacl as acl, null::name as name, 0 as position from pg_class where oid = $1
             union all
             select relowner, attacl, attname, attnum
               from pg_attribute join pg_class on pg_class.oid = attrelid
              where attrelid = $1 and not attisdropped) granted,
            aclexplode(granted.acl) acl
       left join pg_roles grantee on grantee.oid = acl.grantee
      where ${visible}
      order by 1, 2, position`,
    [oid],
  );
  return perGrantee(rows);
}

function perGrantee(grants: Grant[]): string[] {
  const roles = Map.groupBy(grants, ({ grantee }) => grantee);
  return [...roles].map(([role, theirs]) => `- ${role}: ${privileges(theirs).join('; ')}`);
}

function privileges(grants: Grant[]): string[] {
  return [...Map.groupBy(grants, ({ privilege }) => privilege)].map(([privilege, all]) => {
    if (all.some(({ column }) => column === null)) return privilege;
    return `${privilege} (${all.map(({ column }) => column).join(', ')})`;
  });
}

/** SQL: the roles, besides the owner, that an acl names, as sorted text. */
export function granteesSql(acl: string, owner: string): string {
  return `(select coalesce(string_agg(coalesce(grantee.rolname, 'PUBLIC'), ', ' order by grantee.rolname), 'nobody')
             from aclexplode(${acl}) acl
             left join pg_roles grantee on grantee.oid = acl.grantee
            where acl.grantee <> ${owner})`;
}
