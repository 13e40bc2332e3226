// Promise: `postilion webhook` prints an address that works, and says in one line why it can not.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { childEnvironment } from '../../src/config.ts';
import { projectDir } from '../../src/database/server.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { eventually } from '../support/eventually.ts';
import { aService } from '../support/scene.ts';
import { signedSource } from './signed_source.ts';
import { startTestServer } from './support.ts';

suite('postilion webhook', async () => {
  const { pool, url, server } = await startTestServer();
  const id = await aService(pool, { name: 'north' });
  await aService(pool, { name: 'relay', provider: 'smtp', baseUrl: 'smtp://127.0.0.1:25' });
  const command = (...given: string[]) =>
    promisify(execFile)(process.execPath, [join(projectDir, 'src/cli.ts'), 'webhook', ...given], {
      env: childEnvironment({ ...workerEnvironment, DATABASE_URL: url, TRACKING_BASE_URL: server.url }),
    });
  const printed = async (...given: string[]) => (await command(...given)).stdout.trim();
  const status = async (address: string) =>
    (await fetch(address, { method: 'POST', body: '{"event":"open","message_id":"m"}' })).status;

  test('an address by name and by id, and none of the old ones after --rotate', async () => {
    const addresses = [await printed('north'), await printed(id)];
    for (const address of addresses) {
      assert.ok(address.startsWith(`${server.url}/api/webhooks/engagelab/`));
      assert.equal(await status(address), 200);
    }
    const last = await printed('north', '--rotate', '--keep-old', '0');
    assert.equal(await status(last), 200);
    for (const address of addresses)
      await eventually(
        () => status(address),
        (code) => code === 401,
      );
  });

  test('what can not be done is said in one line', async () => {
    const complaint = (...given: string[]) =>
      command(...given).then(
        () => assert.fail('it was done'),
        ({ stderr }: { stderr: string }) => stderr,
      );
    assert.equal(await complaint('south'), 'postilion: there is no service "south"\n');
    assert.match(await complaint('relay'), /^postilion: source: the provider "smtp" posts nothing; name who does\n$/);
    // A source of the test's process alone.
    assert.match(
      await complaint('relay', '--source', signedSource.name),
      /^postilion: source: there is no .*; known: engagelab/,
    );
    assert.match(await printed('relay', '--source', 'engagelab'), /\/api\/webhooks\/engagelab\//);
  });
});
