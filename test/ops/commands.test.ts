// Promise: at the terminal an operator sees what is wrong and what to do, a monitor gets an exit code, a program one JSON object.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { diskLine, healthResult } from '../../src/commands/ops/examine.ts';
import { repairResult } from '../../src/commands/ops/repair_all.ts';
import { childEnvironment } from '../../src/config.ts';
import { diagnosis } from '../../src/database/ops/diagnosis.ts';
import { history } from '../../src/database/ops/history.ts';
import { projectDir } from '../../src/database/server.ts';
import { supervisorOn, workerEnvironment } from '../support/campaign.ts';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { one } from '../support/scene.ts';
import { aSoundScene, faults, liveWorkers, type Scene } from './planted.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

let database: TestDatabase;
let scene: Scene;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

async function aFreshScene(): Promise<void> {
  scene = await aSoundScene(database.pool);
  await liveWorkers(database.pool);
}

async function nothingLeft(): Promise<void> {
  await database.pool.query(
    `delete from app_public.tasks; delete from app_public.email_services; delete from app_hidden.worker_pools;
     delete from app_public.event_logs; delete from app_hidden.repairs; delete from graphile_worker._private_jobs;
     delete from app_hidden.task_counter_changes; select app_private.ensure_partitions(2)`,
  );
}
afterEach(nothingLeft);

async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = { ...childEnvironment({ ...workerEnvironment, DATABASE_URL: database.url }), ...environment };
  return promisify(execFile)(process.execPath, [join(projectDir, 'src/cli.ts'), ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

describe('health', () => {
  test('fine: exit code 0, nothing to do', async () => {
    await aFreshScene();
    const { code, stdout } = await run(['health', '--json']);
    const result = healthResult.parse(JSON.parse(stdout));
    assert.equal(code, 0);
    assert.equal(result.state, 'ok');
    assert.deepEqual(
      result.checks.map(({ name }) => name),
      ['workers', 'services', 'stuck', 'tasks', 'backlog', 'success', 'inbox', 'webhooks', 'consistency', 'database'],
    );
    const { stdout: text } = await run(['health']);
    assert.match(text, /\nAll is well\.\n$/);
    assert.ok(!text.includes('→') && !text.includes('\u001b'));
  });

  for (const [name, fault] of Object.entries(faults))
    test(`${name}: named, with its exit code and what to do`, async () => {
      await aFreshScene();
      await fault.plant(database.pool);
      const { code, stdout } = await run(['health', '--json', '--patience', '0']);
      const result = healthResult.parse(JSON.parse(stdout));
      const found = result.checks.find((check) => check.name === fault.check);
      assert.equal(found?.state, fault.state);
      assert.match(found?.remedy ?? '', /postilion repair/);
      assert.equal(code, result.state === 'critical' ? 2 : 1);
      assert.ok(code === 2 || fault.state === 'warning');
    });

  test('for people: the worst first, within the terminal, the verdict last', async () => {
    await aFreshScene();
    for (const name of ['a service frozen past its time', 'webhooks that were given up'])
      await faults[name]?.plant(database.pool);
    const { code, stdout } = await run(['health', '--patience', '0']);
    assert.equal(code, 2);
    const lines = stdout.trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^critical +services +Standing still, with work to do: north \(1 of 1\)\.$/);
    assert.match(lines[1] ?? '', /^ +→ A running worker wakes them within 10 s\./);
    assert.match(lines.at(-1) ?? '', /^critical: services\.$/);
    assert.ok(lines.every((line) => line.length <= 80));
  });

  test('a database that can not be reached is critical, in JSON too', async () => {
    const { code, stdout } = await run(['health', '--json'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    const result = healthResult.parse(JSON.parse(stdout));
    assert.equal(code, 2);
    assert.equal(result.checks[0]?.name, 'database');
    assert.match(result.checks[0]?.says ?? '', /no PostgreSQL answers/);
  });

  test('so is one that was never migrated', async () => {
    const bare = await createBareDatabase();
    try {
      const { code, stdout } = await run(['health'], { DATABASE_URL: bare.url });
      assert.equal(code, 2);
      assert.match(stdout, /postilion migrate/);
    } finally {
      await bare.close();
    }
  });

  test('what the sweep mends is given the time, where a worker runs', async () => {
    const supervisor = supervisorOn(database.url);
    try {
      await supervisor.ready;
      // In one transaction: the worker sees a Task that is complete, never one that it could send.
      const client = await database.pool.connect();
      try {
        await client.query('begin');
        await aSoundScene(client);
        await faults['a Task complete in fact but not in name']?.plant(client);
        await client.query('commit');
      } finally {
        client.release();
      }
      const { code, stdout } = await run(['health', '--json', '--patience', '120']);
      assert.equal(code, 0, stdout);
      const { checks } = healthResult.parse(JSON.parse(stdout));
      assert.deepEqual(checks.find(({ name }) => name === 'workers')?.numbers, { send: 1, other: 1 });
      assert.equal(await one(database.pool, 'select status from app_public.tasks'), 'completed');
    } finally {
      await supervisor.stop();
    }
  });

  test('a disk that fills up', () => {
    assert.equal(diskLine(50e9, 100e9).state, 'ok');
    assert.equal(diskLine(9e9, 100e9).state, 'warning');
    assert.equal(diskLine(1e9, 100e9).state, 'critical');
  });

  test('a monitor logs in as a member of postilion_operator, and no more', async () => {
    await aFreshScene();
    const name = `a_monitor_of_a_test_${process.pid}`;
    const password = randomBytes(16).toString('hex');
    await database.pool.query(`create role ${name} login password '${password}' in role postilion_operator`);
    try {
      const url = new URL(database.url);
      url.username = name;
      url.password = password;
      const { code, stdout, stderr } = await run(['health'], { DATABASE_URL: url.href });
      assert.equal(code, 0, stdout + stderr);
    } finally {
      await database.pool.query(`drop role ${name}`);
    }
  });
});

describe('repair', () => {
  test('nothing to do', async () => {
    await aFreshScene();
    const { code, stdout } = await run(['repair', '--yes']);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: 'There is nothing to repair.\n' });
  });

  test('a dry run shows the plan, changes nothing, and exits with 1', async () => {
    await aFreshScene();
    await faults['a counter that drifted']?.plant(database.pool);
    const { code, stdout } = await run(['repair', '--dry-run']);
    assert.equal(code, 1);
    assert.match(stdout, /^counters +a task \(3\): statistics differ from the rows: ever_opened kept 1,/);
    assert.match(stdout, /Nothing was changed\.\n$/);
    assert.equal(await one(database.pool, 'select count(*) from app_hidden.repairs'), '0');
  });

  test('where nobody can be asked --yes is needed', async () => {
    await aFreshScene();
    await faults['a counter that drifted']?.plant(database.pool);
    const { code, stderr } = await run(['repair']);
    assert.equal(code, 1);
    assert.match(stderr, /--yes: needed here/);
    assert.equal(await one(database.pool, 'select count(*) from app_hidden.repairs'), '0');
  });

  test('several faults at once, in their order, each audited', async () => {
    await aFreshScene();
    for (const name of ['mails claimed by a worker that died', 'a missing partition', 'a counter that drifted'])
      await faults[name]?.plant(database.pool);
    const { code, stdout } = await run(['repair', '--yes', '--json']);
    const result = repairResult.parse(JSON.parse(stdout));
    assert.equal(code, 0, stdout);
    assert.deepEqual(
      result.repairs.map(({ what, outcome }) => `${what} ${outcome}`),
      ['leases mended', 'partitions mended', 'counters mended'],
    );
    assert.deepEqual(
      await one(
        database.pool,
        `select array_agg(what order by id) from app_hidden.repairs where why = 'asked for at the terminal'`,
      ),
      ['reap_leases', 'ensure_partitions', 'recount_task'],
    );
    assert.equal((await run(['health', '--patience', '0'])).code, 1, 'that statistics drifted is a warning for a day');
  });

  test('one kind leaves the others alone; one there is not is named', async () => {
    await aFreshScene();
    for (const name of ['a missing partition', 'a counter that drifted']) await faults[name]?.plant(database.pool);
    const { stdout } = await run(['repair', 'partitions', '--yes']);
    assert.match(stdout, /partitions +done; it met 1\n$/);
    assert.equal(await one(database.pool, 'select count(*) from ops.read_plan()'), '1');
    const { code, stderr } = await run(['repair', 'everything']);
    assert.equal(code, 1);
    assert.match(stderr, /what: "everything" is none of pools, leases/);
  });
});

describe('diagnose and explain', () => {
  test('a Task by its name, for people and programs', async () => {
    await aFreshScene();
    await faults['a service with work and no job']?.plant(database.pool);
    const { stdout: text } = await run(['diagnose', 'a task']);
    assert.match(text, /^Task +a task \(/);
    assert.match(
      text.replace(/\s+/g, ' '),
      /Broken north: has work due and no run to do it\. The repair wakes it\. → postilion repair wake/,
    );
    assert.match(text, /Why +north could send, but nobody was told to\./);
    const { stdout } = await run(['diagnose', scene.taskId, '--json']);
    const found = diagnosis.parse(JSON.parse(stdout));
    assert.deepEqual(
      found.faults.map(({ what }) => what),
      ['wake'],
    );
    assert.deepEqual(
      found.notSending.map(({ reason }) => reason),
      ['idle'],
    );
    assert.equal(found.states['pending'], 3);
  });

  test('a mail by its address', async () => {
    await aFreshScene();
    const { id, address } = await one<{ id: string; address: string }>(
      database.pool,
      `select json_build_object('id', sub_task_id, 'address', recipient_email) from app_public.sub_task_mails limit 1`,
    );
    const { stdout } = await run(['explain', address, '--json']);
    assert.equal(history.parse(JSON.parse(stdout)).subTask.id, id);
    const { stdout: text } = await run(['explain', id]);
    assert.match(text, /rendered/);
    assert.match(text, /now +It waits/);
  });

  test('what there is not is said in one line', async () => {
    for (const args of [
      ['diagnose', 'autumn'],
      ['explain', 'nobody@example.com'],
    ]) {
      const { code, stderr } = await run(args);
      assert.equal(code, 1);
      assert.match(stderr, /^postilion: \w+: there is no .*\n$/);
    }
  });
});
