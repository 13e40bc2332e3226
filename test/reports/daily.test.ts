// Promise: each day that is over has one report, whoever writes it and however often; what was missed is made up for; old ones go.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { writeDueReports } from '../../src/cron/daily_report.ts';
import { forgetReports, reportsDue } from '../../src/database/reports/daily_reports.ts';
import { report } from '../../src/database/reports/report.ts';
import { createLogger } from '../../src/log.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { one } from '../support/scene.ts';
import { aHistory } from './scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
  await aHistory(database.pool, { days: 10 });
});
after(() => database.close());

const write = (timezone: string) =>
  writeDueReports({
    db: database.pool,
    config: { REPORT_TIMEZONE: timezone, REPORT_DAYS: 400 },
    log: createLogger({ LOG_LEVEL: 'silent' }),
    stopping: new AbortController().signal,
  });

test('the week that is over, each day once, by many at a time', async () => {
  const due = await reportsDue(database.pool, 'UTC');
  assert.equal(due.length, 7);
  const written = (await Promise.all([write('UTC'), write('UTC'), write('UTC')])).flat();
  assert.deepEqual(written.map(({ report: { from } }) => from).sort(), due);
  assert.deepEqual(await write('UTC'), []);
  assert.deepEqual(await reportsDue(database.pool, 'UTC'), []);
});

test('what is kept is what was read, with what it says', async () => {
  const kept = await one<unknown>(database.pool, 'select report from app_hidden.daily_reports order by day limit 1');
  assert.ok((report.parse(kept).now?.sent ?? 0) > 0);
  const findings = await one<{ tone: string }[]>(
    database.pool,
    'select findings from app_hidden.daily_reports order by day desc limit 1',
  );
  assert.ok(findings.some(({ tone }) => tone === 'bad'));
});

test('another zone has days of its own', async () => {
  assert.ok((await write('Pacific/Auckland')).length >= 6);
});

test('a zone that nobody knows is said by the name of its key', () =>
  assert.rejects(write('Nowhere'), { code: 'BADIN', message: /^REPORT_TIMEZONE: / }));

test('nothing is due where nothing was ever sent', async () => {
  const empty = await createTestDatabase();
  try {
    assert.deepEqual(await reportsDue(empty.pool, 'UTC'), []);
  } finally {
    await empty.close();
  }
});

test('old reports go, and the hours by domain with them', async () => {
  const before = await one<number>(database.pool, 'select count(*)::integer from app_hidden.daily_reports');
  assert.equal(await forgetReports(database.pool, 30), 0);
  const gone = await forgetReports(database.pool, 3);
  assert.ok(gone > 0 && gone < before);
  assert.equal(
    await one(
      database.pool,
      `select count(*)::integer from app_hidden.hourly_domain_statistics where hour < now() - interval '3 days'`,
    ),
    0,
  );
});
