// Promise: a Prometheus that scrapes a running campaign sees the mails go, each process by its own label, and what the database, the provider and
// the webhooks say agrees with what was counted.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { Exposition } from '../../src/metrics/exposition.ts';
import { type RunningServer, startServer } from '../../src/server/app.ts';
import { type MetricsListener, startMetricsListener } from '../../src/server/metrics_listener.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { type Supervisor, startSupervisor } from '../../src/worker/supervisor.ts';
import { secret } from '../server/support.ts';
import { aScheduledTask, services, simulatorFor, workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { aPrometheus, lint, type Prometheus } from './prometheus.ts';

const token = 'a token for Prometheus in tests alone';
const log = createLogger({ LOG_LEVEL: 'silent' });
const metrics = new Exposition('start');

suite('a campaign that is watched', async () => {
  let database: TestDatabase;
  let simulator: Simulator;
  let server: RunningServer;
  let worker: Supervisor;
  let listener: MetricsListener;
  let prometheus: Prometheus;

  before(async () => {
    database = await createTestDatabase();
    const config = loadConfig({ NODE_ENV: 'test', METRICS_TOKEN: token, WEBHOOK_ALLOW_UNSIGNED: 'true' });
    server = await startServer({ config, url: database.url, secret, log, port: 0, metrics });
    const webhooks = { url: `${server.url}/api/webhooks/mail-event` };
    simulator = await simulatorFor(['paced', 'rated'], { webhooks });
    await services(database.pool, simulator, { paced: 100, rated: 0 });
    // Or it would take all at once, and leave the other no two mails between which to keep its interval.
    await database.pool.query(`update app_public.email_services set rate_per_second = 20 where name = 'rated'`);
    worker = startSupervisor({ url: database.url, log, environment: workerEnvironment, metrics });
    listener = await startMetricsListener({ config, port: 0, metrics, hindrance: worker.hindrance, log });
    prometheus = await aPrometheus(listener.url.replace('http://', ''), token);
    await worker.ready;
  });
  after(async () => {
    await prometheus.stop();
    await listener.close();
    await worker.stop();
    await server.close();
    await simulator.close();
    await database.close();
  });

  const total = async (expr: string) => (await prometheus.query(expr))[0]?.value ?? 0;

  test('mails go, and Prometheus has their rate', async () => {
    // Seen at 0 before the first mail, or its increase could not be told.
    await eventually(
      () => total('postilion_runner_up{runner="send"}'),
      (up) => up === 1,
    );
    await aScheduledTask(database.pool, 60);
    await eventually(
      () => total('sum(postilion_sends_total{outcome="accepted"})'),
      (sends) => sends >= 20,
    );
    await aScheduledTask(database.pool, 60);
    const rates = await eventually(
      () => prometheus.query('sum by (service) (rate(postilion_sends_total[1m])) > 0'),
      (answer) => answer.length === 2,
    );
    assert.deepEqual(rates.map(({ labels }) => labels['service']).toSorted(), ['paced', 'rated']);
  });

  test('what was counted is what was sent and heard', async () => {
    await eventually(
      () => total('sum(postilion_sends_total{outcome="accepted"})'),
      (sends) => sends === 120,
    );
    assert.equal(
      await one(database.pool, 'select count(*)::integer from app_public.sub_tasks where sent_at is not null'),
      120,
    );
    const heard = await eventually(
      () => one<number>(database.pool, 'select count(*)::integer from app_public.mail_events'),
      (events) => events === 240,
    );
    await eventually(
      () => total('sum(postilion_events_total{strategy="custom_args"})'),
      (events) => events === heard,
    );
    assert.ok((await total('sum(postilion_webhooks_received_total{source="engagelab"})')) > 0);
    assert.equal(await total('sum(postilion_intervals_undercut_total)'), 0);
  });

  test('each process has its own numbers, and the text is as Prometheus wants it', async () => {
    const processes = await prometheus.query('count by (process) (process_resident_memory_bytes)');
    assert.deepEqual(processes.map(({ labels }) => labels['process']).toSorted(), ['other', 'send', 'start']);
    for (const name of [
      'hand_over_duration',
      'claim_duration',
      'pace_lateness',
      'interval_excess',
      'webhook_apply_lag',
    ])
      assert.ok((await total(`sum(postilion_${name}_seconds_count)`)) > 0, name);
    assert.equal(await lint(await metrics.text()), '');
    assert.equal(await total('postilion_database_up'), 1);
    assert.equal(await total('max(postilion_services{state="enabled"})'), 2);
  });

  test('the server shows the same at its own port, to who has the token', async () => {
    const ask = (authorization?: string) =>
      fetch(`${server.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
    for (const wrong of [undefined, 'Bearer ', 'Bearer wrong', `Basic ${token}`, `Bearer ${token} `.repeat(2)]) {
      const refused = await ask(wrong);
      assert.equal(refused.status, 401);
      assert.doesNotMatch(await refused.text(), /postilion_/);
    }
    const { status, headers } = await ask(`Bearer ${token}`);
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.equal((await fetch(`${listener.url}/metrics`)).status, 401);
  });

  test('a worker is ready while its runners take jobs', async () => {
    const ready = async () => {
      const answer = await fetch(`${listener.url}/readyz`);
      return { status: answer.status, says: await answer.text() };
    };
    assert.deepEqual(await ready(), { status: 200, says: '{"ok":true}' });
    const [pid] = worker.pids();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    const { says } = await eventually(ready, ({ status }) => status === 503);
    assert.equal(says, '{"ok":false,"reason":"a runner takes no jobs: send"}');
    assert.equal((await fetch(`${listener.url}/healthz`)).status, 200);
  });
});
