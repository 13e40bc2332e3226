// Promise: an unknown outcome is asked for again only where the service says so, and then nothing is doubled and no pace undercut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import type { FaultKind } from '../../src/simulator/options.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { aScheduledTask, open, services, simulatorFor, states, supervisorOn } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf } from '../support/scene.ts';

interface Campaign {
  recipients?: number;
  intervalMs?: number;
  repeatsAreIdempotent?: boolean;
  /** What the first requests meet. */
  faults: FaultKind[];
}

interface Outcome {
  states: Record<string, number>;
  outcomes: string[];
  simulator: Simulator;
  pool: pg.Pool;
}

/** Runs a campaign to its end through one service. */
async function run(campaign: Campaign, judge: (outcome: Outcome) => Promise<void> | void): Promise<void> {
  const { recipients = 1, intervalMs = 0, repeatsAreIdempotent = true, faults } = campaign;
  const { url, pool, close } = await createTestDatabase();
  const next = faults.map((kind) => ({ kind, count: 1 }));
  const simulator = await simulatorFor(['north'], { faults: { next, retryAfterSeconds: null } });
  const supervisor = supervisorOn(url);
  try {
    await services(pool, simulator, { north: intervalMs });
    await pool.query('update app_public.email_services set repeats_are_idempotent = $1, timeout_ms = 1000', [
      repeatsAreIdempotent,
    ]);
    await supervisor.ready;
    const taskId = await aScheduledTask(pool, recipients);
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    const outcomes = [...simulator.record.entries()].map(({ outcome }) => outcome);
    assert.deepEqual(simulator.summary().duplicatesAtProvider, []);
    assert.equal(await driftOf(pool, taskId), 0);
    await judge({ states: await states(pool, taskId), outcomes, simulator, pool });
  } finally {
    await supervisor.stop();
    await simulator.close();
    await close();
  }
}

for (const fault of ['accept_reset', 'accept_hang'] as const) {
  test(`${fault}: the repeat learns what became of it, and it is sent once`, () =>
    run({ faults: [fault] }, ({ states, outcomes }) => {
      assert.deepEqual(states, { sent: 1 });
      assert.deepEqual(outcomes, ['accepted', 'repeat']);
    }));
}

test('what had not arrived is accepted by the repeat', () =>
  run({ faults: ['reset'] }, ({ states, outcomes }) => {
    assert.deepEqual(states, { sent: 1 });
    assert.deepEqual(outcomes, ['unanswered', 'accepted']);
  }));

test('off by default', () =>
  run({ faults: ['accept_reset'], repeatsAreIdempotent: false }, ({ states, outcomes }) => {
    assert.deepEqual(states, { uncertain: 1 });
    assert.deepEqual(outcomes, ['accepted']);
  }));

test('"not now" to a repeat proves nothing: the mail is uncertain, never pending', () =>
  run({ faults: ['accept_reset', 'too_many', 'unauthorized', 'too_many'] }, async ({ states, outcomes, pool }) => {
    assert.deepEqual(states, { uncertain: 1 });
    assert.deepEqual(outcomes, ['accepted', 'refused', 'refused', 'refused']);
    const { rows } = await pool.query('select error_code, refusals, attempts from app_public.sub_tasks');
    assert.deepEqual(rows, [{ error_code: 'connection', refusals: 0, attempts: 4 }]);
  }));

test('a paced service waits its interval before the repeat and sends nothing else meanwhile', () =>
  run({ recipients: 3, intervalMs: 400, faults: ['reset', 'accept_reset'] }, ({ states, outcomes, simulator }) => {
    assert.deepEqual(states, { sent: 3 });
    assert.deepEqual(outcomes, ['unanswered', 'accepted', 'repeat', 'accepted', 'accepted']);
    const mails = [...simulator.record.entries()].map(({ subTaskId }) => subTaskId);
    assert.equal(new Set(mails.slice(0, 3)).size, 1);
    assert.equal(new Set(mails).size, 3);
    assert.equal(simulator.summary({ north: 400 }).accounts['north']?.violations, 0);
  }));
