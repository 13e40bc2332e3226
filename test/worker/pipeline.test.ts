// Promise: a rated service always has as many mails under way as it may, and whatever ends its loop, each mail begun gets its result.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import type { SimulatorOptionsInput } from '../../src/simulator/options.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { aScheduledTask, services, simulatorFor, states, supervisorOn } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf, one } from '../support/scene.ts';

interface Scene {
  pool: pg.Pool;
  simulator: Simulator;
  /** Ends the worker cleanly. */
  stop: () => Promise<void>;
}

/** One rated service. */
async function withService(
  maxInFlight: number,
  options: SimulatorOptionsInput,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const { url, pool, close } = await createTestDatabase();
  const simulator = await simulatorFor(['north'], options);
  const supervisor = supervisorOn(url);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= supervisor.stop();
    return stopped;
  };
  try {
    await services(pool, simulator, { north: 0 });
    await pool.query('update app_public.email_services set max_in_flight = $1', [maxInFlight]);
    await supervisor.ready;
    await work({ pool, simulator, stop });
  } finally {
    await stop();
    await simulator.close();
    await close();
  }
}

test('one answer that does not come holds up no other mail', () =>
  withService(2, { faults: { next: [{ kind: 'hang', count: 1 }] } }, async ({ pool, simulator, stop }) => {
    const taskId = await aScheduledTask(pool, 10);
    const last = await eventually(
      () => states(pool, taskId),
      ({ sent = 0, uncertain = 0 }) => sent === 9 || uncertain > 0,
    );
    assert.deepEqual(last, { sent: 9, sending: 1 });
    // What is begun is finished: its timeout is its answer.
    await stop();
    assert.deepEqual(await states(pool, taskId), { sent: 9, uncertain: 1 });
    assert.equal(simulator.record.length, 10);
    assert.equal(await driftOf(pool, taskId), 0);
  }));

test('never more than may be, and all of it while there is work', () =>
  withService(7, { faults: { accounts: { north: 'hang' } } }, async ({ pool, simulator }) => {
    const taskId = await aScheduledTask(pool, 100);
    await simulator.record.arrived(7);
    assert.equal((await states(pool, taskId))['sending'], 7);
    simulator.setFaults({});
    await eventually(
      () => states(pool, taskId),
      ({ sent = 0 }) => sent === 93,
    );
    assert.deepEqual(await states(pool, taskId), { sent: 93, uncertain: 7 });
    assert.equal(simulator.record.length, 100);
  }));

test('asked to end, it sends and completes what is begun and gives the rest back', () =>
  withService(20, { answerDelayMs: [50, 300] }, async ({ pool, simulator, stop }) => {
    const taskId = await aScheduledTask(pool, 2_000);
    await simulator.record.arrived(60);
    await stop();
    const { sent = 0, pending = 0, ...others } = await states(pool, taskId);
    assert.deepEqual(others, {});
    assert.equal(sent + pending, 2_000);
    assert.equal(simulator.summary().accounts['north']?.sent, sent);
    assert.ok(pending > 0);
    assert.equal(await one(pool, 'select in_flight from app_public.email_services'), 0);
    assert.equal(await driftOf(pool, taskId), 0);
  }));

test('a loop that was taken over finishes what it has begun', () =>
  withService(5, { answerDelayMs: [200, 400] }, async ({ pool, simulator }) => {
    const taskId = await aScheduledTask(pool, 100);
    await simulator.record.arrived(5);
    await pool.query(`update app_public.email_services set loop_token = null, loop_expires_at = '-infinity'`);
    await pool.query('select app_private.wake_service(id) from app_public.email_services');
    await eventually(
      () => states(pool, taskId),
      ({ sent = 0, uncertain = 0 }) => sent + uncertain === 100,
    );
    assert.deepEqual(await states(pool, taskId), { sent: 100 });
    assert.deepEqual(simulator.summary().duplicatesAtProvider, []);
  }));

test('a turn that fails, and what fails between it and the write, leave no mail in doubt and double none', () =>
  withService(20, { answerDelayMs: [5, 50] }, async ({ pool, simulator }) => {
    await failsNowAndThen(pool, 'mark_sending(uuid[])', 1);
    await failsNowAndThen(pool, exchange, 3);
    const taskId = await aScheduledTask(pool, 500);
    const last = await eventually(
      () => states(pool, taskId),
      ({ sent = 0, uncertain = 0 }) => sent === 500 || uncertain > 0,
    );
    assert.deepEqual(last, { sent: 500 });
    assert.deepEqual(simulator.summary().duplicatesAtProvider, []);
    assert.equal(await one(pool, 'select in_flight from app_public.email_services'), 0);
    assert.equal(await driftOf(pool, taskId), 0);
  }));

const exchange = 'exchange_mails(uuid, uuid, uuid, integer, app_private.claim_hint, uuid[], app_private.send_result[])';

/** The first calls of a function of app_private do their work, and then fail: all of it is undone, and the caller hears of nothing but the error. */
async function failsNowAndThen(pool: pg.Pool, signature: string, times: number): Promise<void> {
  const [name = ''] = signature.split('(');
  const returned = await one<string>(pool, `select pg_get_function_result('app_private.${signature}'::regprocedure)`);
  const types = signature.slice(name.length + 1, -1).split(', ');
  const values = types.map((_, place) => `$${place + 1}`).join(', ');
  await pool.query(`
    create sequence app_private.${name}_calls;
    grant usage on sequence app_private.${name}_calls to postilion_worker;
    alter function app_private.${signature} rename to ${name}_sound;
    create function app_private.${name}(${types.join(', ')}) returns ${returned}
    language plpgsql security definer set search_path to pg_catalog, pg_temp as $$
    begin
      ${returned.startsWith('TABLE') ? `return query select * from app_private.${name}_sound(${values})` : `perform app_private.${name}_sound(${values})`};
      if nextval('app_private.${name}_calls') <= ${times} then
        raise exception 'a fault that was asked for';
      end if;
    end;
    $$;
    grant execute on function app_private.${signature} to postilion_worker;`);
}
