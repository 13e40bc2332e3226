// Promise: a worker lives through an immediate restart of its database, loses nothing and doubles nothing.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureDatabase, startEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createPool } from '../../src/database/pool.ts';
import { projectDir } from '../../src/database/server.ts';
import { aScheduledTask, open, services, simulatorFor, states, supervisorOn } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { driftOf } from '../support/scene.ts';

test('the database is restarted twice in the middle of a campaign', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'postilion-restart-'));
  // Started by root the server runs as another user, who must be able to enter.
  await chmod(dataDir, 0o711);
  const server = await startEmbedded({ dataDir, projectDir, name: 'restart', onRunning: 'refuse' });
  const url = await ensureDatabase(server.url(), 'campaign');
  await migrate({ url });
  const pool = createPool({ connectionString: url, applicationName: 'postilion test' });
  const simulator = await simulatorFor(['north', 'south'], { answerDelayMs: [5, 15] });
  const supervisor = supervisorOn(url);
  try {
    await services(pool, simulator, { north: 30, south: 50 });
    await supervisor.ready;
    const taskId = await aScheduledTask(pool, 80);
    for (const arrivals of [10, 40]) {
      await simulator.record.arrived(arrivals);
      await server.restartImmediate?.();
    }
    await eventually(
      () => open(pool, taskId).catch(() => -1),
      (rows) => rows === 0,
    );
    const { sent = 0, uncertain = 0 } = await states(pool, taskId);
    assert.equal(sent + uncertain, 80);
    const { accounts, duplicatesAtProvider } = simulator.summary({ north: 30, south: 50 });
    assert.deepEqual(duplicatesAtProvider, []);
    assert.deepEqual(
      Object.values(accounts).map(({ violations }) => violations),
      [0, 0],
    );
    assert.equal(await driftOf(pool, taskId), 0);
  } finally {
    await supervisor.stop();
    await simulator.close();
    await pool.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
