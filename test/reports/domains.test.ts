// Promise: an hour is rolled up by domain too, from the mails in it alone, in at most 51 lines whose sums are those by Task.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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

test('the domains with most have a line each, all others one', () =>
  withTransaction(database.pool, async (db) => {
    const many = Array.from({ length: 60 }, (_, n) => `d${n}.example`);
    await aQueuedTask(db, { recipients: 90, domains: [...many, 'big.example', ...many.slice(0, 29)] });
    const serviceId = await aService(db, { intervalMs: 0, maxInFlight: 100 });
    const { claim } = await aClaim(db, serviceId, 90);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    const results = claim.subTaskIds.map((id, index) => aResult(id, index % 10 === 0 ? 'refused' : 'accepted'));
    await completeSends(db, serviceId, claim.claimToken, results);
    for (const _ of ['first', 'again'])
      await db.query(
        `select app_hidden.roll_up(date_trunc('hour', min(changed_at), 'UTC')) from app_hidden.sub_task_changes`,
      );
    const { rows } = await db.query<{ domain: string; sent: number; failed: number }>(
      'select domain, sent, failed from app_hidden.hourly_domain_statistics order by domain',
    );
    assert.equal(rows.length, 51);
    assert.equal(rows[0]?.domain, '');
    const sum = (key: 'sent' | 'failed') => rows.reduce((total, row) => total + row[key], 0);
    assert.deepEqual(
      [sum('sent'), sum('failed')],
      await one(db, 'select array[sum(sent), sum(failed)]::integer[] from app_public.hourly_statistics'),
    );
    const first = rows.filter(({ domain }) => domain !== '');
    for (const domain of many.slice(0, 29)) assert.equal(first.find((row) => row.domain === domain)?.domain, domain);
  }));
