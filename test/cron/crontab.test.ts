// Promise: every line of the crontab has a handler and is described, and every handler has a line; a line without one would start in silence.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { cronHandlers } from '../../src/cron/handlers.ts';
import { pruneChanges } from '../../src/database/queue/prune_changes.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { projectDir } from '../../src/database/server.ts';
import { createLogger } from '../../src/log.ts';
import { FileCache } from '../../src/worker/file_cache.ts';
import { Frontier } from '../../src/worker/frontier.ts';
import { SenderCache } from '../../src/worker/sender_cache.ts';
import { crontabFor } from '../../src/worker/task_list.ts';
import { promises, turnMs } from '../chaos/faults/promised.ts';
import { faultNames } from '../chaos/faults.ts';
import { testSecret } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, clockForward, one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

test('crontab, handlers and files agree', async () => {
  const secret = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  const handlers = cronHandlers({
    db: database.pool,
    config: loadConfig({}),
    secret,
    senders: new SenderCache(secret),
    files: new FileCache(),
    frontier: new Frontier(),
    log: createLogger({ LOG_LEVEL: 'silent' }),
    poolId: () => 'pool-test',
    trackingOrigin: '',
    stopping: new AbortController().signal,
  });
  const lines = crontabFor('other').map(({ task }) => task);
  const files = readdirSync(join(projectDir, 'src/cron')).filter((name) => name !== 'handlers.ts');
  assert.deepEqual(Object.keys(handlers).sort(), lines.sort());
  assert.deepEqual(files.map((name) => name.replace('.ts', '')).sort(), lines.sort());
});

test('docs/operations.md has a row for each, with its times', () => {
  const lines = readFileSync(join(projectDir, 'crontab'), 'utf8').matchAll(/^([\d*]\S* \S+ \S+ \S+ \S+) (\w+)/gm);
  const rows = readFileSync(join(projectDir, 'docs/operations.md'), 'utf8').matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm);
  assert.deepEqual(
    [...rows].map(([, name, times]) => `${times} ${name}`),
    [...lines].map(([, times, name]) => `${times} ${name}`),
  );
});

test('docs/operations.md promises something of each fault that chaos plants, which its handler can keep', () => {
  const promised = promises();
  assert.deepEqual(Object.keys(promised).toSorted(), faultNames.toSorted());
  for (const { by, state, exitCode, withinMs } of Object.values(promised)) {
    assert.ok(by === 'sweep' || turnMs(by) > 0, `${by} is neither the sweep nor in the crontab`);
    assert.ok(withinMs > turnMs(by), by);
    assert.equal(exitCode, state === 'critical' ? 2 : 1);
  }
});

test('the ledger loses what is old and rolled up, and nothing else', () =>
  withTransaction(database.pool, async (db) => {
    await aQueuedTask(db, { recipients: 2 });
    await aClaim(db, await aService(db));
    await clockForward(db, '10 days');
    await aClaim(db, await aService(db));
    const lines = () => one<number>(db, 'select count(*)::integer from app_hidden.sub_task_changes');
    assert.equal(await lines(), 2);
    assert.equal(await pruneChanges(db, 5, 1_000), 0);
    await db.query(`update app_hidden.roll_up_progress set rolled_until = rolled_until + interval '2 hours'`);
    assert.equal(await pruneChanges(db, 5, 1_000), 1);
    assert.equal(await lines(), 1);
  }));
