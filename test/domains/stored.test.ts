// Promise: what was found is kept, shows where somebody looks before sending, and speaks of the domain that the service has now.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type DomainCheckLine, domainCheck } from '../../src/commands/services/look.ts';
import { childEnvironment } from '../../src/config.ts';
import { checkAllDomains } from '../../src/cron/check_domains.ts';
import { recordDomainCheck } from '../../src/database/domains/record_domain_check.ts';
import { servicesToCheck } from '../../src/database/domains/services_to_check.ts';
import { readHealth } from '../../src/database/ops/read_health.ts';
import { readServices } from '../../src/database/ops/read_services.ts';
import { createPool } from '../../src/database/pool.ts';
import { projectDir } from '../../src/database/server.ts';
import { mailPlan } from '../../src/database/test_mails/mail_plan.ts';
import { openResolver } from '../../src/domains/resolver.ts';
import { createLogger } from '../../src/log.ts';
import { aMember, as } from '../access/scene.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aDraft, aService, one } from '../support/scene.ts';
import { DnsServer, type Zone } from './dns_server.ts';
import { rsaRecord } from './keys.ts';

let database: TestDatabase;
let server: DnsServer;
let id: string;
let domain: string;

before(async () => {
  database = await createTestDatabase();
  server = await DnsServer.start();
});
after(async () => {
  await server.close();
  await database.close();
});
beforeEach(async () => {
  const { pool } = database;
  await pool.query('delete from app_public.email_services');
  id = await aService(pool, { id: randomUUID(), name: 'north' });
  await pool.query(
    `update app_public.email_services set dkim_selector = 's1', spf_include = 'spf.provider.example' where id = $1`,
    [id],
  );
  domain = await one(pool, 'select domain from app_public.email_services where id = $1', [id]);
});

const key = rsaRecord(2048);
const whole = (): Zone => ({
  [domain]: { TXT: ['v=spf1 include:spf.provider.example -all'], MX: [[10, 'mx.example.com']] },
  'spf.provider.example': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] },
  [`s1._domainkey.${domain}`]: { TXT: [key] },
  [`_dmarc.${domain}`]: { TXT: ['v=DMARC1; p=none; rua=mailto:dmarc@example.com'] },
});

const without = (name: string): Zone => Object.fromEntries(Object.entries(whole()).filter(([given]) => given !== name));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function run(...args: string[]): Promise<Ended> {
  const env = childEnvironment({ ...workerEnvironment, DATABASE_URL: database.url, DNS_SERVERS: server.address });
  return promisify(execFile)(process.execPath, [join(projectDir, 'src/cli.ts'), 'services', ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

async function checked(...args: string[]): Promise<{ code: number; checks: DomainCheckLine[] }> {
  const { code, stdout } = await run('check', '--json', ...args);
  return { code, checks: z.array(domainCheck).parse(JSON.parse(stdout)) };
}

const healthLine = async () => (await readHealth(database.pool)).find(({ name }) => name === 'domains');
const kept = () =>
  one<string | null>(database.pool, 'select max(state) from app_public.domain_checks where email_service_id = $1', [
    id,
  ]);

async function nightly(): Promise<void> {
  const pool = createPool({
    connectionString: database.url,
    role: 'postilion_worker',
    applicationName: 'a test',
    max: 1,
  });
  try {
    const log = createLogger({ LOG_LEVEL: 'silent' });
    const context = { db: pool, log, stopping: new AbortController().signal };
    await checkAllDomains(context, openResolver({ servers: [server.address] }));
  } finally {
    await pool.end();
  }
}

test('the command finds a domain in order, and says so', async () => {
  server.zone = whole();
  const { code, stdout } = await run('check');
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`^north {2}${domain}\\n {2}ok {7}SPF`));
  assert.match(stdout, /\nNothing is missing\.\n$/);
  assert.equal(await kept(), 'ok');
  assert.equal((await healthLine())?.says, 'The records of 1 sending domain are in order.');
});

test('what is missing is told with the record to add, within the terminal; exit code 1', async () => {
  server.zone = without(`_dmarc.${domain}`);
  const { code, stdout } = await run('check', 'north');
  assert.equal(code, 1);
  assert.match(stdout, /\n {2}wrong {4}DMARC/);
  assert.match(stdout.replaceAll(/\s+/g, ' '), new RegExp(`→ Add the TXT record: _dmarc.${domain} "v=DMARC1; p=none"`));
  assert.match(stdout, /\nRecords are missing or wrong: north\.\n$/);
  assert.ok(stdout.split('\n').every((line) => line.length <= 80));
});

test('what could not be asked is exit code 2, and no warning', async () => {
  server.zone = { ...whole(), [`_dmarc.${domain}`]: 'servfail' };
  const { code, checks } = await checked(id);
  assert.equal(code, 2);
  assert.equal(checks[0]?.state, 'unknown');
  const line = await healthLine();
  assert.equal(line?.state, 'ok');
  assert.match(line?.says ?? '', /Could not be asked: 1\./);
});

test('a service that is not there is named', () =>
  assert.rejects(servicesToCheck(database.pool, 'nowhere'), {
    code: 'NTFND',
    message: 'there is no service "nowhere"',
  }));

test('the list has every service, with its state and that of its domain', async () => {
  server.zone = without(domain);
  await nightly();
  const { stdout: text } = await run();
  assert.match(text, /^service +provider +state.*\nnorth +engagelab .*RECORDS MISSING/);
  const [line] = await readServices(database.pool);
  assert.equal(line?.name, 'north');
  assert.equal(line?.domainState, 'bad');
  assert.ok(line?.checkedAt instanceof Date);
});

test('each night: kept by a worker, for services that are switched on; health warns until it is mended', async () => {
  const off = await aService(database.pool, { name: 'off' });
  await database.pool.query('select app_public.set_email_service_enabled($1, false)', [off]);
  assert.equal(await healthLine(), undefined, 'before the first look there is nothing to say');
  server.zone = without(`s1._domainkey.${domain}`);
  await nightly();
  assert.equal(await one(database.pool, 'select count(*)::integer from app_public.domain_checks'), 1);
  const warned = await healthLine();
  assert.equal(warned?.state, 'warning');
  assert.match(
    warned?.says ?? '',
    new RegExp(`^Records are missing or wrong: ${domain} \\(north\\): There is no DKIM key\\.$`),
  );
  assert.match(warned?.remedy ?? '', /postilion services check/);
  server.zone = whole();
  await nightly();
  assert.equal((await healthLine())?.state, 'ok');
});

test('who previews a mail is warned of every domain it may go out by, and may send it all the same', async () => {
  const { workspaceId, taskId } = await aDraft(database.pool);
  const closed = await aService(database.pool, { name: 'of others', isShared: false });
  server.zone = {};
  await nightly();
  assert.equal(
    await one(database.pool, `select state from app_public.domain_checks where email_service_id = $1`, [closed]),
    'bad',
  );
  const choice = { taskId, templateId: null, senderId: null, contactId: null, emailServiceId: null };
  const { domains } = await mailPlan(database.pool, choice, 'viewer');
  assert.deepEqual(new Set(domains.map(({ service }) => service)), new Set(['north']));
  assert.deepEqual(domains.map(({ says }) => says).toSorted(), [
    'There is no DKIM key.',
    'There is no DMARC policy; Gmail and Yahoo demand one of who sends in bulk.',
    'There is no SPF record.',
  ]);
  await database.pool.query('select app_public.schedule_task($1)', [taskId]);
  assert.equal(
    await one(database.pool, 'select count(*)::integer from app_public.tasks where workspace_id = $1 and status = $2', [
      workspaceId,
      'scheduled',
    ]),
    1,
  );
});

test('a member sees the checks of the services that serve him, and no others', async () => {
  const workspaceId = await one<string>(
    database.pool,
    `insert into app_public.workspaces (name) values ('one') returning id`,
  );
  await aService(database.pool, { name: 'of others', isShared: false });
  server.zone = whole();
  await nightly();
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const userId = await aMember(client, workspaceId, 'viewer');
    const seen = await as(client, { name: 'viewer', databaseRole: 'postilion_user', userId }, async () =>
      one<string[]>(client, 'select array_agg(email_service_id::text) from app_public.domain_checks'),
    );
    assert.deepEqual(seen, [id]);
    await client.query('rollback');
  } finally {
    client.release();
  }
});

test('of a domain that the service had before nothing is kept and nothing told', async () => {
  server.zone = {};
  await nightly();
  assert.equal((await healthLine())?.state, 'warning');
  await database.pool.query(`update app_public.email_services set domain = 'new.example' where id = $1`, [id]);
  assert.equal(await healthLine(), undefined);
  const [line] = await readServices(database.pool);
  assert.equal(line?.domainState, null);
  const old = { subject: 'spf', name: domain, state: 'bad', says: 'There is no SPF record.', remedy: '' } as const;
  assert.equal(await recordDomainCheck(database.pool, { id, domain }, [old]), null);
});

for (const [field, value] of [
  ['dkim_selector', 'a b'],
  ['dkim_selector', ''],
  ['spf_include', 'include:x.example'],
  ['spf_include', 'X.example'],
])
  test(`${field} can not be "${value}"`, () =>
    assert.rejects(database.pool.query(`update app_public.email_services set ${field} = $1`, [value]), {
      code: '23514',
      column: field,
    }));
