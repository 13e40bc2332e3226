// Promise: a campaign goes out through an SMTP server as it does through an API, each mail once, under the Message-ID that we know it by.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { seal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { aScheduledTask, open, states, supervisorOn, testSecret } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aService, driftOf } from '../support/scene.ts';

test('five recipients, one server', async () => {
  const received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 1,
    onData(stream, _session, done) {
      text(stream).then((mail) => {
        received.push(mail);
        done();
      }, done);
    },
  });
  const listening = once(server.listen(0, '127.0.0.1'), 'listening');
  const { url, pool, close } = await createTestDatabase();
  const supervisor = supervisorOn(url);
  try {
    await listening;
    const id = randomUUID();
    const { encryption } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
    const address = server.server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const baseUrl = `smtp://127.0.0.1:${address.port}`;
    await aService(pool, { id, provider: 'smtp', baseUrl, intervalMs: 20, sealed: seal(encryption, id, {}) });
    await supervisor.ready;
    const taskId = await aScheduledTask(pool, 5);
    await eventually(
      () => open(pool, taskId),
      (rows) => rows === 0,
    );
    assert.deepEqual(await states(pool, taskId), { sent: 5 });
    const { rows } = await pool.query<{ message_id: string }>('select message_id from app_public.sub_tasks');
    const ids = received.map((mail) => /^Message-ID: <(.+)>\r?$/im.exec(mail)?.[1]);
    assert.deepEqual(ids.sort(), rows.map(({ message_id }) => message_id).sort());
    for (const mail of received) assert.match(mail, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    assert.equal(await driftOf(pool, taskId), 0);
  } finally {
    await supervisor.stop();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await close();
  }
});
