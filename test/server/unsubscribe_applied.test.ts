// Promise: when the inbox comes to an unsubscription it finds it done, says so of the SubTask, and changes nothing more, however often it was sent.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { supervisorOn } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf, one } from '../support/scene.ts';
import { startTracking, visit } from './tracking_support.ts';

suite('an unsubscription in the inbox', async () => {
  const { url, pool, aMail, linkOf, eventsOf } = await startTracking();

  const waiting = () =>
    one<number>(pool, 'select count(*)::integer from app_public.event_logs where processed_at is null');
  /** By a worker, as in earnest. */
  const applied = async () => {
    const supervisor = supervisorOn(url);
    await supervisor.ready;
    await eventually(waiting, (count) => count === 0).finally(() => supervisor.stop());
  };

  test('is applied once, and the suppression stays as it was', async () => {
    const { subTaskId, taskId, trackingId, email } = await aMail();
    const unsubscribe = () => visit(linkOf('u', trackingId), { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    const suppressed = async () =>
      (await pool.query('select email, reason, created_at from app_public.suppressions')).rows;
    await unsubscribe();
    const before = await suppressed();
    const [again] = await eventsOf(1, unsubscribe);
    await applied();
    assert.deepEqual(await suppressed(), before);
    assert.equal(before[0]?.email, email);
    assert.equal(before[0]?.reason, 'unsubscribe');
    const at = await one<Date>(pool, 'select unsubscribed_at from app_public.sub_tasks where id = $1', [subTaskId]);
    assert.ok(at < new Date(again?.occurredAt ?? ''), 'the first time counts');
    assert.equal(await driftOf(pool, taskId), 0);
  });
});
