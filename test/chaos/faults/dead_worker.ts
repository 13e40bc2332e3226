// The one fault that takes processes: a worker's machine is gone, with mails in its hands.
import type { Queryable } from '../../../src/database/pool.ts';
import { one } from '../../support/scene.ts';
import { signal } from '../processes.ts';
import type { Worker } from '../worker.ts';
import type { Fault, Scar } from './planted.ts';

/** @param workers those that may be killed, one each time */
export function deadWorker(workers: Worker[]): Fault {
  return {
    what: 'leases',
    audit: ['release_pool', 'reap_leases'],
    async plant(db) {
      const [victim] = workers;
      if (victim === undefined) throw new Error('there is no worker left to be killed');
      const pids = victim.pids();
      const pool = await holder(db, pids);
      if (pool === null) return null;
      workers.shift();
      for (const pid of pids) signal(pid, 'SIGKILL');
      // On another machine nobody here could tell that its processes are gone.
      await db.query(`update app_hidden.worker_pools set host = 'another machine' where pid = any ($1)`, [pids]);
      return scarOf(pool);
    },
  };
}

/** The pool of these processes that has a mail in its hands. */
async function holder(db: Queryable, pids: readonly number[]): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `select p.id from app_hidden.worker_pools p
      where p.pid = any ($1) and exists (select from app_public.sub_tasks st where st.claimed_by = p.id and st.phase = 'under_way')`,
    [pids],
  );
  return rows[0]?.id ?? null;
}

/** As if it had been gone for twenty minutes with nobody there to see. */
export async function ageDeadWorker(db: Queryable): Promise<void> {
  await db.query(
    `update app_public.sub_tasks set lease_expires_at = now() - interval '20 minutes'
      where phase = 'under_way' and claimed_by in (select id from app_hidden.worker_pools where host = 'another machine')`,
  );
  await db.query(
    `update app_hidden.worker_pools set seen_at = now() - interval '20 minutes' where host = 'another machine'`,
  );
}

function scarOf(pool: string): Scar {
  return {
    names: /with a late worker, \d+ silent worker/,
    isMended: (eyes) =>
      one(
        eyes,
        `select not exists (select from app_hidden.worker_pools where host = 'another machine')
            and not exists (select from app_public.sub_tasks where claimed_by = $1 and phase = 'under_way')`,
        [pool],
      ),
  };
}
