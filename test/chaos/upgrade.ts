// A campaign that an earlier release began, on its own schema; then the database is migrated beneath its worker, and a worker of this release
// joins in.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openBenchDatabase } from '../../bench/support/database.ts';
import { machine, type Report, say } from '../../bench/support/report.ts';
import { childEnvironment } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { projectDir } from '../../src/database/server.ts';
import { eventually } from '../support/eventually.ts';
import { aStage } from './stage.ts';
import { none, reported, verdict } from './verdict.ts';
import { thisHost, Worker } from './worker.ts';

const run = promisify(execFile);
const services = 4;

export async function upgrade({ from, recipients }: { from: string; recipients: number }): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const earlier = await checkout(opened, from);
  const database = await openBenchDatabase(undefined, ({ url }) => migrateBy(earlier, url));
  const before = await functionsOf(database.pool);
  const stage = await aStage(opened, {
    services,
    intervalMs: 30,
    workers: 1,
    recipients,
    answerDelayMs: [5, 50],
    database,
    worker: () => new Worker(database.url, {}, thisHost, earlier),
  });
  await eventually(stage.arrivals, ({ length }) => length > recipients / 4);
  const { migrations, functions } = await migrate({ url: database.url });
  const migratedAt = (await stage.arrivals()).length;
  say(`migrated: ${migrations.length} migrations, ${functions.length} functions; the earlier release goes on`);
  await eventually(stage.arrivals, ({ length }) => length > migratedAt + recipients / 4);
  const worker = new Worker(database.url);
  opened.defer(() => worker.stop());
  await stage.finished();
  const after = new Set(await functionsOf(database.pool));
  return {
    machine: machine(stage.facts),
    figures: {
      migrations: reported(migrations.length),
      functions: reported(functions.length),
      signaturesGone: reported(before.filter((signature) => !after.has(signature)).length),
      sentByTheEarlierOneBefore: reported(migratedAt, 'mails'),
      failed: none(await failures(stage.pool, stage.taskId)),
      ...(await verdict(stage, recipients)),
    },
  };
}

/** A work tree of that commit, with the packages of this one. @returns its directory */
async function checkout(opened: AsyncDisposableStack, commit: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'postilion-earlier-'));
  const dir = join(parent, 'checkout');
  const git = (...args: string[]) => run('git', ['-C', projectDir, ...args]);
  opened.defer(async () => {
    await git('worktree', 'remove', '--force', dir);
    await rm(parent, { recursive: true, force: true });
  });
  await git('worktree', 'add', '--detach', dir, commit);
  await symlink(join(projectDir, 'node_modules'), join(dir, 'node_modules'));
  return dir;
}

async function migrateBy(dir: string, url: string): Promise<void> {
  await run(process.execPath, [join(dir, 'src/cli.ts'), 'migrate'], { env: childEnvironment({ DATABASE_URL: url }) });
}

async function functionsOf(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ signature: string }>(
    `select oid::regprocedure::text as signature from pg_proc where pronamespace = 'app_private'::regnamespace`,
  );
  return rows.map(({ signature }) => signature);
}

async function failures(db: Queryable, taskId: string): Promise<number> {
  const { rowCount } = await db.query(`select from app_public.sub_tasks where task_id = $1 and status = 'failed'`, [
    taskId,
  ]);
  return rowCount ?? 0;
}
