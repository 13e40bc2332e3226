// Promise: a campaign that is cancelled while its mails are on their way keeps of its workspace's quota what left, and not one mail more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aScheduledTask, services, simulatorFor, supervisorOn } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';

test('cancelled half-way', async () => {
  const { url, pool, close } = await createTestDatabase();
  const simulator = await simulatorFor(['north', 'south'], {
    answerDelayMs: [5, 50],
    faults: { shares: { unavailable: 0.2, accept_reset: 0.05, reset: 0.05 } },
  });
  const supervisor = supervisorOn(url);
  try {
    await services(pool, simulator, { north: 0, south: 10 });
    await supervisor.ready;
    const taskId = await aScheduledTask(pool, 2_000);
    await simulator.record.arrived(100);
    await pool.query('select app_public.cancel_task($1)', [taskId]);
    await eventually(
      () =>
        one<number>(pool, `select count(*)::integer from app_public.sub_tasks where phase in ('waiting', 'under_way')`),
      (rows) => rows === 0,
    );
    const kept = () =>
      one<number>(pool, `select count(*)::integer from app_public.sub_tasks where status <> 'cancelled'`);
    const used = () => one<number>(pool, 'select reserved from app_hidden.workspace_usage');
    const rows = await kept();
    await eventually(used, (reserved) => reserved === rows);
    assert.ok(rows > 0 && rows < 2_000);
    assert.equal(await kept(), rows);
  } finally {
    await supervisor.stop();
    await simulator.close();
    await close();
  }
});
