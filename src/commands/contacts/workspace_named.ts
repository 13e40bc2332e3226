import type { Queryable } from '../../database/pool.ts';
import { Fault } from '../../server/errors.ts';

/** @throws Fault NTFND, or BADIN where several have the name */
export async function workspaceNamed(db: Queryable, nameOrId: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    'select id from app_public.workspaces where id::text = lower($1) or name = $1 order by id::text = lower($1) desc limit 2',
    [nameOrId],
  );
  const [found, another] = rows;
  if (found === undefined) throw new Fault('NTFND', `there is no workspace ${JSON.stringify(nameOrId)}`);
  if (another !== undefined && found.id !== nameOrId.toLowerCase())
    throw new Fault('BADIN', `several workspaces are called ${JSON.stringify(nameOrId)}; name one by its id`);
  return found.id;
}
