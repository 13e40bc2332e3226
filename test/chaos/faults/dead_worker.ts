// The one fault that takes processes: a worker's machine is gone, with mails in its hands.
import type { Queryable } from '../../../src/database/pool.ts';
import { one } from '../../support/scene.ts';
import { signal } from '../processes.ts';
import type { Worker } from '../worker.ts';
import type { Fault, Scar } from './planted.ts';

/** @param workers one of them is killed each time, and one always stays */
export function deadWorker(workers: readonly Worker[]): Fault {
  const alive = [...workers];
  return {
    what: 'leases',
    audit: ['release_pool', 'reap_leases'],
    async plant(db) {
      if (alive.length < 2) throw new Error('there is no worker left to be killed');
      const holder = await oneWithMails(db, alive);
      if (holder === null) return null;
      const { worker, pool } = holder;
      const pids = worker.pids();
      // On another machine nobody here could tell that its processes are gone.
      await db.query(`update app_hidden.worker_pools set host = 'another machine' where pid = any ($1)`, [pids]);
      for (const pid of pids) signal(pid, 'SIGKILL');
      alive.splice(alive.indexOf(worker), 1);
      return scarOf(pool);
    },
  };
}

/** A worker that has mails in its hands, and the pool they are claimed by. */
async function oneWithMails(db: Queryable, workers: readonly Worker[]) {
  for (const worker of workers) {
    const { rows } = await db.query<{ id: string }>(
      `select p.id from app_hidden.worker_pools p
        where p.pid = any ($1) and exists (select from app_public.sub_tasks st where st.claimed_by = p.id and st.phase = 'under_way')`,
      [worker.pids()],
    );
    if (rows[0] !== undefined) return { worker, pool: rows[0].id };
  }
  return null;
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
    names: /in the hands of a worker that is late, .* without a sign of life/,
    isMended: (eyes) =>
      one(
        eyes,
        `select not exists (select from app_hidden.worker_pools where host = 'another machine')
            and not exists (select from app_public.sub_tasks where claimed_by = $1 and phase = 'under_way')`,
        [pool],
      ),
  };
}
