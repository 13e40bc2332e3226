// Promise: what is told arrives, signed, once it can; nothing private is reached and no redirect followed; what is not taken is tried again, and given up with its reason.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, type TestContext, test } from 'node:test';
import { type Delivered, deliver } from '../../src/alerts/deliver.ts';
import { Reach } from '../../src/alerts/reach.ts';
import { resealAll } from '../../src/commands/rotate_secret/reseal_all.ts';
import { createAlertChannel } from '../../src/database/alerts/create_alert_channel.ts';
import { tellAlerts } from '../../src/database/alerts/tell_alerts.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { loadSecret, type Secret } from '../../src/database/secret.ts';
import { createLogger } from '../../src/log.ts';
import { verifyStandardSignature } from '../../src/providers/standard_signature.ts';
import { newEmailChannel, newWebhookChannel } from '../../src/server/alerts/new_channel.ts';
import { aServer } from '../providers/smtp_support.ts';
import { testSecret } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aDraft, aService, clockForward, one } from '../support/scene.ts';

let database: TestDatabase;
let secret: Secret;
before(async () => {
  database = await createTestDatabase();
  secret = await loadSecret({ POSTILION_SECRET: testSecret }, '');
});
after(() => database.close());

interface Received {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A receiver on this machine. @param answer what it says; default: taken */
async function aReceiver(t: TestContext, answer: RequestListener = (_, response) => void response.end()) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    received.push({ headers: request.headers, body });
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  });
  const address = server.address();
  assert.ok(isAddress(address));
  return { url: `http://127.0.0.1:${address.port}/hook`, port: address.port, received };
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

const here = ['127.0.0.0/8'];

function delivering(db: Queryable, networks: readonly string[] = here): Promise<Delivered[]> {
  return deliver({ db, secret, log: createLogger({ LOG_LEVEL: 'silent' }), reach: new Reach(networks) });
}

async function aWebhook(db: Queryable, url: string): Promise<{ id: string; key: string }> {
  const { channel, signingSecret } = newWebhookChannel({ name: 'ops', url });
  return { id: await createAlertChannel(db, channel, secret.encryption), key: signingSecret };
}

async function anAlert(db: Queryable, message = 'north can not send: no money.'): Promise<void> {
  await db.query(`select app_private.raise_alert('service_unusable', gen_random_uuid()::text, 'critical', $1)`, [
    message,
  ]);
  await tellAlerts(db);
}

const inTransaction = (work: (db: Queryable, t: TestContext) => Promise<void>) => (t: TestContext) =>
  withTransaction(database.pool, (db) => work(db, t));

const toOps = (delivered: readonly Delivered[]) => delivered.filter(({ channel }) => channel === 'ops');

suite('webhook', () => {
  test(
    'is signed by Standard Webhooks, shows text, and is sent once',
    inTransaction(async (db, t) => {
      const { url, received } = await aReceiver(t);
      const { key } = await aWebhook(db, url);
      await anAlert(db, 'north can not send: <!channel> & so on');
      assert.deepEqual(toOps(await delivering(db)), [{ channel: 'ops', address: null, outcome: 'sent', error: null }]);
      const [{ headers, body } = assert.fail('nothing came')] = received;
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const expected = createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64'))
        .update(signed)
        .digest('base64');
      assert.equal(headers['webhook-signature'], `v1,${expected}`);

      assert.equal(verifyStandardSignature({ headers, body }, 'webhook', [key], { now: new Date() }), null);
      const told = JSON.parse(body.toString());
      assert.match(
        told.text,
        /^Postilion: 1 critical\n\nCRITICAL service_unusable\n\[[0-9a-f]{8}\] north can not send: &lt;!channel&gt; &amp; so on/,
      );
      assert.equal(told.data.alerts[0].message, 'north can not send: <!channel> & so on');
      assert.equal(told.type, 'alerts');
      await clockForward(db, '1 day');
      assert.deepEqual(toOps(await delivering(db)), []);
    }),
  );

  test(
    'what is not taken is tried again under the same id, ever later, eight times; then it is given up with its reason',
    inTransaction(async (db, t) => {
      const { url, received } = await aReceiver(t, (_, response) => void response.writeHead(503).end('later'));
      const { id } = await aWebhook(db, url);
      await anAlert(db);
      const outcomes: string[] = [];
      for (const wait of [
        '0',
        '31 s',
        '121 s',
        '481 s',
        '33 min',
        '129 min',
        '6 h 1 min',
        '6 h 1 min',
        '6 h 1 min',
        '1 day',
      ]) {
        await clockForward(db, wait);
        outcomes.push(...toOps(await delivering(db)).map(({ outcome }) => outcome));
      }
      assert.deepEqual(outcomes, [...Array(7).fill('to be repeated'), 'given up']);
      assert.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 1);
      assert.equal(
        await one(db, 'select last_error from app_public.alert_channels where id = $1', [id]),
        'it answered 503',
      );
      assert.ok(
        await one(
          db,
          `select given_up_at is not null and error = 'it answered 503' from app_hidden.alert_deliveries where channel_id = $1`,
          [id],
        ),
      );
    }),
  );

  test(
    'a redirect is not followed',
    inTransaction(async (db, t) => {
      const elsewhere = await aReceiver(t);
      const { url } = await aReceiver(
        t,
        (_, response) => void response.writeHead(307, { location: elsewhere.url }).end(),
      );
      await aWebhook(db, url);
      await anAlert(db);
      assert.match(toOps(await delivering(db))[0]?.error ?? '', /^it answered 307; redirects are not followed/);
      assert.equal(elsewhere.received.length, 0);
    }),
  );

  test(
    'a private address is not reached, by number or by name, unless it is allowed; 410 ends it at once',
    inTransaction(async (db, t) => {
      const { port, url, received } = await aReceiver(t, (_, response) => void response.writeHead(410).end());
      for (const address of [
        url,
        `http://localhost:${port}/`,
        `http://[::ffff:127.0.0.1]:${port}/`,
        `http://2130706433:${port}/`,
      ]) {
        const { id } = await aWebhook(db, address);
        await anAlert(db);
        const [told] = toOps(await delivering(db, []));
        assert.match(told?.error ?? '', /is not a public address; ALERT_WEBHOOK_NETWORKS may allow it$/, address);
        assert.equal(told?.outcome, 'given up');
        await db.query('delete from app_public.alert_channels where id = $1', [id]);
      }
      assert.equal(received.length, 0);
      await aWebhook(db, url);
      await anAlert(db);
      assert.deepEqual(
        toOps(await delivering(db)).map(({ outcome }) => outcome),
        ['given up'],
      );
      assert.equal(received.length, 1);
    }),
  );

  test(
    'who dies while sending leaves the message to the next, after two minutes; nothing of the address is told',
    inTransaction(async (db, t) => {
      const { url, received } = await aReceiver(t);
      const { id } = await aWebhook(db, `${url}/T000/very-secret`);
      await anAlert(db);
      await db.query('select app_private.take_deliveries(10)');
      assert.deepEqual(await delivering(db), []);
      await clockForward(db, '2 minutes');
      assert.equal(toOps(await delivering(db)).length, 1);
      assert.equal(received.length, 1);
      const kept = await one<string>(
        db,
        `select c::text || d::text from app_public.alert_channels c join app_hidden.alert_deliveries d on d.channel_id = c.id where c.id = $1`,
        [id],
      );
      assert.doesNotMatch(kept, /very-secret/);
    }),
  );
});

test('addresses: what is special is not public, whatever it is written as', () => {
  const reach = new Reach(['10.1.0.0/16', '2001:db8::7']);
  for (const address of ['8.8.8.8', '2a00:1450::1', '10.1.2.3', '2001:db8::7'])
    assert.ok(reach.mayReach(address), address);
  for (const address of [
    '127.0.0.1',
    '10.2.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '::1',
    '::ffff:10.0.0.1',
    'fd00::1',
    'fe80::1',
    '64:ff9b::a00:1',
    '0.0.0.0',
    'x',
  ])
    assert.ok(!reach.mayReach(address), address);
});

suite('mail', () => {
  test(
    'by a mail server of its own, to each address',
    inTransaction(async (db, t) => {
      const { port, taken } = await aServer(t, {
        authOptional: true,
        onAuth: (auth, _, done) => done(null, { user: auth.username }),
      });
      const channel = newEmailChannel({
        name: 'ops',
        addresses: ['one@example.com', 'two@example.com'],
        serverUrl: `smtp://ada:a-long-password@127.0.0.1:${port}`,
        from: 'postilion@example.com',
      });
      assert.equal(channel.host, `127.0.0.1:${port}`);
      const id = await createAlertChannel(db, channel, secret.encryption);
      await anAlert(db);
      assert.deepEqual(
        toOps(await delivering(db)).map(({ outcome }) => outcome),
        ['sent', 'sent'],
      );
      assert.deepEqual(
        taken.flatMap(({ session }) => session.envelope.rcptTo.map(({ address }) => address)).toSorted(),
        ['one@example.com', 'two@example.com'],
      );
      assert.match(taken[0]?.raw ?? '', /^Subject: Postilion: 1 critical\r$/m);
      assert.match(taken[0]?.raw ?? '', /north can not send: no money/);
      assert.equal(taken[0]?.session.user, 'ada');
      assert.ok(
        await one(
          db,
          'select last_sent_at is not null and last_error is null from app_public.alert_channels where id = $1',
          [id],
        ),
      );
    }),
  );

  test(
    'a mail server that is away: tried again, and its password is told nowhere',
    inTransaction(async (db, t) => {
      const { port, server } = await aServer(t);
      await new Promise<void>((closed) => server.close(closed));
      const serverUrl = `smtp://ada:a-long-password@127.0.0.1:${port}`;
      const channel = newEmailChannel({
        name: 'ops',
        addresses: ['one@example.com'],
        serverUrl,
        from: 'postilion@example.com',
      });
      await createAlertChannel(db, channel, secret.encryption);
      await anAlert(db);
      const [told] = toOps(await delivering(db));
      assert.equal(told?.outcome, 'to be repeated');
      assert.doesNotMatch(told?.error ?? '', /long-password/);
    }),
  );

  test(
    'by a service: it takes its queue, before all others, and is settled with it',
    inTransaction(async (db) => {
      const emailServiceId = await aService(db, { name: 'north' });
      const { taskId, workspaceId } = await aDraft(db);
      const senderId = await one<string>(db, 'select sender_id from app_public.tasks where id = $1', [taskId]);
      const channel = newEmailChannel({ name: 'ops', addresses: ['one@example.com'], emailServiceId, senderId });
      await createAlertChannel(db, channel, secret.encryption);
      await anAlert(db);
      assert.deepEqual(
        toOps(await delivering(db)).map(({ outcome }) => outcome),
        ['sent'],
      );
      const { rows } = await db.query(
        `select t.workspace_id as "workspaceId", t.email_service_id as "emailServiceId", t.status, t.is_test as "isTest", m.recipient_email as email, m.rendered_subject as subject
           from app_public.tasks t join app_public.sub_task_mails m on m.task_id = t.id`,
      );
      assert.deepEqual(rows, [
        {
          workspaceId,
          emailServiceId,
          status: 'queued',
          isTest: true,
          email: 'one@example.com',
          subject: 'Postilion: 1 critical',
        },
      ]);
    }),
  );
});

test('what a channel needs is named', () => {
  const refused = (make: () => unknown, message: RegExp) => assert.throws(make, { code: 'BADIN', message });
  refused(() => newWebhookChannel({ name: 'x', url: 'ftp://example.com' }), /^url: /);
  refused(() => newWebhookChannel({ name: 'x', url: 'https://example.com', secret: 'whsec_short' }), /^secret: /);
  refused(() => newEmailChannel({ name: 'x', addresses: [] }), /^addresses: /);
  refused(() => newEmailChannel({ name: 'x', addresses: ['a@example.com'] }), /^serverUrl: /);
  refused(
    () => newEmailChannel({ name: 'x', addresses: ['a@example.com'], serverUrl: 'smtp://mail.example.com' }),
    /^from: /,
  );
  refused(
    () => newEmailChannel({ name: 'x', addresses: ['a@example.com'], serverUrl: 'https://mail.example.com' }),
    /^serverUrl: /,
  );
  refused(() => newEmailChannel({ name: 'x', addresses: ['a@example.com'], emailServiceId: 'one' }), /^senderId: /);
});

test(
  'a new POSTILION_SECRET: what a channel keeps is sealed anew, and still leads there',
  inTransaction(async (db, t) => {
    const { url, received } = await aReceiver(t);
    const { id } = await aWebhook(db, url);
    const anew = { ...(await loadSecret({ POSTILION_SECRET: `another ${testSecret}` }, '')), former: [secret] };
    assert.deepEqual(await resealAll(db, anew, () => {}), { resealed: 1, closed: [] });
    await anAlert(db);
    const sent = await deliver(
      { db, secret: { ...anew, former: [] }, log: createLogger({ LOG_LEVEL: 'silent' }), reach: new Reach(here) },
      id,
    );
    assert.deepEqual(sent, [{ channel: 'ops', address: null, outcome: 'sent', error: null }]);
    assert.equal(received.length, 1);
  }),
);
