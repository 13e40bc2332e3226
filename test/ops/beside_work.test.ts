// Promise: whatever is repaired while services work at full speed, nobody meets in a deadlock, and everything adds up afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { takeLoop } from '../../src/database/queue/take_loop.ts';
import { aResult } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aQueuedTask, aService, driftOf, one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

/** Claims until nothing is left; every fifth batch is left to its fate, with a lease that has run out. */
async function work(db: Queryable, serviceId: string): Promise<void> {
  let loopToken = await takeLoop(db, serviceId, `pool ${serviceId}`);
  for (let batch = 1; ; batch++) {
    const claim = loopToken === null ? null : await claimSubTasks(db, serviceId, loopToken, 5);
    if (claim === null || claim.outcome === 'lost') {
      loopToken = await takeLoop(db, serviceId, `pool ${serviceId}`);
    } else if (claim.outcome === 'claimed') {
      if (batch % 5 === 0) {
        await db.query(
          `update app_public.sub_tasks set lease_expires_at = now() - interval '1 s' where id = any ($1) and phase = 'under_way'`,
          [claim.subTaskIds],
        );
        continue;
      }
      // Refused is what was taken back meanwhile: the token fences it.
      const { mails } = await beginSends(db, claim.claimToken, claim.subTaskIds);
      await completeSends(
        db,
        serviceId,
        claim.claimToken,
        mails.map(({ id }) => aResult(id, 'accepted')),
      );
    } else if (claim.outcome === 'no_work') return;
  }
}

const everyService = `array(select row('', id::text, name, 1, '')::app_hidden.repair_step from app_public.email_services)`;

async function repairOnce(db: Queryable, poolOf: string): Promise<void> {
  for (const what of ['slots', 'thaw', 'wake', 'leases', 'tasks', 'fold'])
    await db.query(`select app_hidden.carry_out($1, ${everyService}, 'a test')`, [what]);
  await db.query(
    `select app_hidden.carry_out('pools', array[row('', $1, '', 1, '')::app_hidden.repair_step], 'a test')`,
    [`pool ${poolOf}`],
  );
}

test('repairs beside three services at work', async () => {
  const { pool } = database;
  const serviceIds: string[] = [];
  for (const _ of Array(3)) serviceIds.push(await aService(pool, { intervalMs: 0, maxInFlight: 50 }));
  const { taskId } = await aQueuedTask(pool, { recipients: 600 });
  let isWorking = true;
  const working = Promise.all(serviceIds.map((id) => work(pool, id))).finally(() => {
    isWorking = false;
  });
  const mending = (async () => {
    let rounds = 0;
    for (; isWorking; rounds++) await repairOnce(pool, serviceIds[rounds % serviceIds.length] ?? '');
    return rounds;
  })();
  await working;
  assert.ok((await mending) > 0);
  await pool.query('select app_private.reap_leases()');
  await pool.query('update app_public.email_services set loop_token = null, loop_expires_at = default');
  await Promise.all(serviceIds.map((id) => work(pool, id)));
  assert.equal(await driftOf(pool, taskId), 0);
  assert.equal(await one(pool, 'select count(*) from app_hidden.plan_slots()'), '0');
});
