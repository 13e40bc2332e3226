// Promise: what a server refuses after it was taken comes back by mail, and the address is not written to again; what an MTA pipes to us is
// recorded, or the MTA is told to keep it. Exim takes our mails and bounces them, dovecot serves the bounces, both real.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { childEnvironment } from '../../src/config.ts';
import { seal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { projectDir } from '../../src/database/server.ts';
import { RELAYED_DOMAIN } from '../providers/exim/configuration.ts';
import { findExim } from '../providers/exim/program.ts';
import { startExim } from '../providers/exim/server.ts';
import { aServer, reply } from '../providers/smtp_support.ts';
import { open, states, supervisorOn, testSecret, workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aDraft, aQueuedTask, aService, driftOf, one } from '../support/scene.ts';
import { findDovecot } from './dovecot/program.ts';
import { startDovecot } from './dovecot/server.ts';
import { BOUNCE_ADDRESS, messageAbout, messageTo } from './support.ts';

const eximProgram = await findExim();

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Input {
  readonly databaseUrl: string;
  readonly mailbox?: string;
  readonly stdin?: string | Buffer;
}

function start(args: string[], { databaseUrl, mailbox = '' }: Input): ChildProcess {
  return spawn(process.execPath, [join(projectDir, 'src/cli.ts'), 'bounces', ...args], {
    env: childEnvironment({ ...workerEnvironment, DATABASE_URL: databaseUrl, BOUNCES_IMAP_URL: mailbox }),
    stdio: 'pipe',
  });
}

async function ended(child: ChildProcess, stdin: Input['stdin'] = ''): Promise<Ended> {
  const { stdin: input, stdout, stderr } = child;
  assert.ok(input !== null && stdout !== null && stderr !== null);
  input.on('error', () => {});
  input.end(stdin);
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(stdout), text(stderr)]);
  return { code, stdout: out, stderr: err };
}

const run = (args: string[], input: Input) => ended(start(args, input), input.stdin);

const bounced = 'select count(*)::integer from app_public.mail_events where kind = $1';

test('a refusal behind the first server comes back, is read, and suppresses the address', {
  skip: typeof eximProgram === 'string' && eximProgram,
}, async (t) => {
  if (typeof eximProgram === 'string') return;
  await using opened = new AsyncDisposableStack();
  const rejecting = await aServer(t, {
    hideSTARTTLS: true,
    onRcptTo: (_address, _session, done) => done(reply(550, '5.1.1 there is no such mailbox')),
  });
  const exim = await startExim(eximProgram, rejecting.port);
  opened.defer(() => exim.close());
  const dovecot = await startDovecot(await findDovecot(), exim.maildir);
  opened.defer(() => dovecot.close());
  const { url, pool, close } = await createTestDatabase();
  opened.defer(close);
  const supervisor = supervisorOn(url);
  opened.defer(() => supervisor.stop());

  const id = randomUUID();
  const { encryption } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  const baseUrl = `smtp://127.0.0.1:${exim.port}`;
  await aService(pool, { id, provider: 'smtp', baseUrl, intervalMs: 20, sealed: seal(encryption, id, {}) });
  await pool.query('update app_public.email_services set bounce_address = $1', [BOUNCE_ADDRESS]);
  await supervisor.ready;
  const { taskId, workspaceId } = await aDraft(pool, { recipients: 3, domains: [RELAYED_DOMAIN] });
  await pool.query('select app_public.schedule_task($1)', [taskId]);
  await eventually(
    () => open(pool, taskId),
    (rows) => rows === 0,
  );
  assert.deepEqual(await states(pool, taskId), { sent: 3 });
  await eventually(
    async () => (await readdir(join(exim.maildir, 'new')).catch(() => [])).length,
    (mails) => mails === 3,
  );

  const { code, stdout, stderr } = await run(['--json'], { databaseUrl: url, mailbox: dovecot.url });
  assert.equal(stderr, '');
  assert.deepEqual([code, JSON.parse(stdout)], [0, { recorded: 3, proven: 3 }]);
  await eventually(
    () => states(pool, taskId),
    ({ bounced = 0 }) => bounced === 3,
  );
  const suppressed = `select count(*)::integer from app_public.suppressions where workspace_id = $1 and reason = 'hard_bounce'`;
  assert.equal(await one(pool, suppressed, [workspaceId]), 3);
  assert.equal(await driftOf(pool, taskId), 0);
  const again = await run(['--json'], { databaseUrl: url, mailbox: dovecot.url });
  assert.deepEqual(JSON.parse(again.stdout), { recorded: 0, proven: 0 });
});

test('from standard input: a proven bounce, the same again, and a forged one', async () => {
  await using opened = new AsyncDisposableStack();
  const { url, pool, close } = await createTestDatabase();
  opened.defer(close);
  const { taskId } = await aQueuedTask(pool, { recipients: 2 });
  const { rows } = await pool.query<{ sub_task_id: string; tracking_id: string; recipient_email: string }>(
    'select sub_task_id, tracking_id, recipient_email from app_public.sub_task_mails where task_id = $1',
    [taskId],
  );
  const [mine, other] = rows;
  assert.ok(mine !== undefined && other !== undefined);
  const { tracking } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  const proven = messageAbout(mine.tracking_id, tracking, 'postfix').toString();
  const forged = messageTo(BOUNCE_ADDRESS, 'exim')
    .toString()
    .replaceAll('ada@example.org', other.recipient_email)
    .replaceAll('0194642c-0a5e-7c3b-9e5e-000000000001', other.sub_task_id);
  const separator = 'From MAILER-DAEMON Tue Jan 14 10:15:30 2025\n';
  const mbox = [proven, proven, forged].map((message) => `${separator}${message}\n`).join('');
  const piped = await run(['--stdin', '--json'], { databaseUrl: url, stdin: mbox });
  assert.deepEqual([piped.code, piped.stderr, JSON.parse(piped.stdout)], [0, '', { recorded: 3, proven: 2 }]);
  assert.deepEqual(await one(pool, `select array_agg(distinct provider || ' ' || path) from app_public.event_logs`), [
    'bounce_mail stdin',
  ]);

  const supervisor = supervisorOn(url);
  opened.defer(() => supervisor.stop());
  await eventually(
    () => one<number>(pool, 'select count(*)::integer from app_public.event_logs where processed_at is null'),
    (left) => left === 0,
  );
  assert.equal(await one(pool, bounced, ['hard_bounce']), 1);
  assert.equal(await one(pool, bounced, ['other']), 1);
  const suppressed = await pool.query<{ email: string }>('select email from app_public.suppressions');
  assert.deepEqual(
    suppressed.rows.map(({ email }) => email),
    [mine.recipient_email],
  );
});

test('while the database is away, the MTA is asked to keep the message', async () => {
  const away = 'postgres://nobody:a-secret-password@127.0.0.1:1/none';
  const { code, stdout, stderr } = await run(['--stdin'], { databaseUrl: away, stdin: 'Subject: x\n\ny\n' });
  assert.deepEqual([code, stdout], [75, '']);
  assert.match(stderr, /^postilion: no PostgreSQL answers at .*\n$/);
  assert.doesNotMatch(stderr, /a-secret-password/);
});

test('a mailbox that is none, or that refuses, is said in a line without its password', async () => {
  await using opened = new AsyncDisposableStack();
  const { url, close } = await createTestDatabase();
  opened.defer(close);
  for (const mailbox of ['', 'imaps://ada:a-secret-password@', 'imap://ada:a-secret-password@127.0.0.1:1/INBOX']) {
    const { code, stderr } = await run([], { databaseUrl: url, mailbox });
    assert.equal(code, 1);
    assert.match(stderr, /^postilion: .+\n$/);
    assert.doesNotMatch(stderr, /a-secret-password/);
  }
});

test('a watch ends when it is asked to, and says what it did', async () => {
  await using opened = new AsyncDisposableStack();
  const dovecot = await startDovecot(await findDovecot());
  opened.defer(() => dovecot.close());
  const { url, close } = await createTestDatabase();
  opened.defer(close);
  const child = start(['--watch', '--json'], { databaseUrl: url, mailbox: dovecot.url });
  const ending = ended(child);
  await eventually(
    () => dovecot.clients(),
    (clients) => clients > 0,
  );
  child.kill('SIGTERM');
  const { code, stdout } = await ending;
  assert.deepEqual([code, JSON.parse(stdout)], [0, { recorded: 0, proven: 0 }]);
});
