// Promise: an operator ends a freeze at once, and still no interval is undercut.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { aResult } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const intervalMs = 60_000;

async function freeze(db: Queryable, serviceId: string): Promise<void> {
  await aQueuedTask(db, { recipients: 1 });
  const { claim } = await aClaim(db, serviceId);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const results = claim.subTaskIds.map((id) => aResult(id, 'unusable', { code: 'balance', retryAfterMs: 3_600_000 }));
  await completeSends(db, serviceId, claim.claimToken, results);
  await db.query('update app_public.email_services set loop_token = null, loop_expires_at = default where id = $1', [
    serviceId,
  ]);
}

const secondsFrozen = (db: Queryable, serviceId: string) =>
  one<number>(
    db,
    `select extract(epoch from frozen_until - app_hidden.current_time())::float8 from app_public.email_services where id = $1`,
    [serviceId],
  );
const release = (db: Queryable, serviceId: string) => db.query('select app_public.release_service($1)', [serviceId]);

test('the reason and the count are gone, one interval is left at most, and the next mail is tried by itself', () =>
  withTransaction(database.pool, async (db) => {
    const serviceId = await aService(db, { intervalMs });
    await freeze(db, serviceId);
    await db.query(
      `update app_public.email_services set frozen_until = frozen_until + interval '1 day' where id = $1`,
      [serviceId],
    );
    await release(db, serviceId);
    const frozen = await secondsFrozen(db, serviceId);
    assert.ok(frozen > 0 && frozen <= intervalMs / 1_000, `frozen for ${frozen} s`);
    const state = `select jsonb_build_array(freeze_reason, freeze_count, error_count) from app_public.email_services where id = $1`;
    assert.deepEqual(await one(db, state, [serviceId]), [null, 0, 0]);
    assert.equal(
      await one(db, `select count(*)::integer from graphile_worker.jobs where key = 'send:' || $1`, [serviceId]),
      1,
    );
  }));

test('a rated service goes on at once', () =>
  withTransaction(database.pool, async (db) => {
    const serviceId = await aService(db, { intervalMs: 0 });
    await freeze(db, serviceId);
    assert.ok((await secondsFrozen(db, serviceId)) > 0);
    await release(db, serviceId);
    assert.ok((await secondsFrozen(db, serviceId)) <= 0);
  }));

test('a service that waits for nothing but its interval is not made to wait longer, nor less', () =>
  withTransaction(database.pool, async (db) => {
    const serviceId = await aService(db, { intervalMs });
    await db.query(
      `update app_public.email_services set frozen_until = app_hidden.current_time() + interval '5 s' where id = $1`,
      [serviceId],
    );
    const until = await one<Date>(db, 'select frozen_until from app_public.email_services where id = $1', [serviceId]);
    await release(db, serviceId);
    const now = await one<Date>(db, 'select frozen_until from app_public.email_services where id = $1', [serviceId]);
    assert.deepEqual(now, until);
  }));

test('one that is not there is not found', async () => {
  await assert.rejects(release(database.pool, '00000000-0000-4000-8000-000000000000'), { code: 'NTFND' });
});
