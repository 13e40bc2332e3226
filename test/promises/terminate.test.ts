// Promise: a worker asked to end, at any moment and as often as one likes, finishes or gives back what it has: nothing is lost, doubled or in doubt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handOvers, moves } from '../chaos/ledger.ts';
import { Worker } from '../chaos/worker.ts';
import { aScheduledTask, open, services, simulatorFor, states } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { minutesAstray } from '../support/minutes.ts';
import { driftOf, one } from '../support/scene.ts';

const leastRounds = 4;

test('SIGTERM under load, until claimed mails were given back too', async () => {
  const { url, pool, close } = await createTestDatabase();
  const intervals = Object.fromEntries(Array.from({ length: 12 }, (_, number) => [`service${number}`, 300]));
  const simulator = await simulatorFor(Object.keys(intervals), { answerDelayMs: [5, 100] });
  const workers = [new Worker(url), new Worker(url)];
  try {
    await services(pool, simulator, intervals);
    const recipients = 600;
    const taskId = await aScheduledTask(pool, recipients);
    await simulator.record.arrived(1);
    const codes: (number | null)[] = [];
    const givenBack = () => moves(pool, 'allocated', 'pending');
    const underWay = async () => (await open(pool, taskId)) > recipients / 10;
    for (let round = 0; (await underWay()) && (round < leastRounds || (await givenBack()) === 0); round += 1) {
      codes.push((await workers[round % workers.length]?.restart()) ?? null);
      await simulator.record.arrived(simulator.record.length + Object.keys(intervals).length);
    }
    assert.ok((await givenBack()) > 0, 'no claim was given back');
    assert.ok(codes.length >= leastRounds);
    assert.deepEqual(new Set(codes), new Set([0]));
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    assert.deepEqual(await states(pool, taskId), { sent: recipients });
    const { accounts, duplicatesAtProvider, requests } = simulator.summary(intervals);
    assert.deepEqual(duplicatesAtProvider, []);
    for (const { violations } of Object.values(accounts)) assert.equal(violations, 0);
    // One request, one hand-over in the ledger and one attempt each: what was given back cost nothing.
    assert.equal(requests, recipients);
    assert.deepEqual(new Set((await handOvers(pool)).values()), new Set([1]));
    assert.equal(await one(pool, 'select max(attempts)::integer from app_public.sub_tasks'), 1);
    assert.equal(await driftOf(pool, taskId), 0);
    assert.equal(await minutesAstray(pool, taskId), 0);
    await Promise.all(workers.map((worker) => worker.stop()));
    assert.equal(await one(pool, 'select count(*)::integer from app_hidden.worker_pools'), 0);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await simulator.close();
    await close();
  }
});
