// A backup is made in the middle of a campaign, the campaign goes on, everything is lost, and the backup is restored. What was sent since is the
// danger: the restored rows know nothing of it.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { openBenchDatabase } from '../../bench/support/database.ts';
import { machine, type Report, say } from '../../bench/support/report.ts';
import { childEnvironment } from '../../src/config.ts';
import { ensureDatabase } from '../../src/database/embedded.ts';
import { createPool } from '../../src/database/pool.ts';
import { projectDir } from '../../src/database/server.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { aDebianServer, type DebianServer } from '../support/debian_server.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { aStage, type Stage } from './stage.ts';
import { none, reported, verdict } from './verdict.ts';
import { Worker } from './worker.ts';

const run = promisify(execFile);
const services = 4;
const intervalMs = 20;

const afterRestoreAnswer = z.object({
  tasks: z.array(z.object({ was: z.string(), is: z.string(), pending: z.number(), uncertain: z.number() })),
  asked: z.object({ settled: z.number(), silent: z.array(z.unknown()) }),
  stopped: z.boolean(),
});

export async function restore({ recipients }: { recipients: number }): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const server = await aDebianServer();
  const database = await openBenchDatabase(server);
  const stage = await aStage(opened, {
    services,
    intervalMs,
    workers: 2,
    recipients,
    answerDelayMs: [5, 50],
    database,
  });
  await arrived(stage, recipients / 4);
  const since = new Date();
  const backup = await dump(opened, server, database.url);
  const atDump = (await stage.arrivals()).length;
  say(`backup made, ${atDump} mails had arrived`);
  await arrived(stage, atDump + recipients / 4);
  await Promise.all(stage.workers.map((worker) => worker.end()));
  const before = (await stage.arrivals()).length;
  say(`everything is lost, ${before - atDump} mails after the backup`);

  const url = await restored(server, backup);
  const pool = createPool({ connectionString: url, applicationName: 'postilion chaos', max: 4 });
  const dropped = async () => {
    await pool.end();
    await drop(server, url);
  };
  opened.defer(dropped);
  const worker = new Worker(url);
  opened.defer(() => worker.stop());
  await eventually(
    () => one<number>(pool, 'select count(*)::integer from app_public.email_services where is_stopped'),
    (stopped) => stopped === services,
  );
  const refused = await pool.query('select app_public.start_sending()').then(
    () => 0,
    () => 1,
  );
  const answer = await afterRestore(url, since);
  const sentUnasked = (await stage.arrivals()).length - before;
  say(`after-restore: ${JSON.stringify(answer)}`);
  await pool.query('select app_public.start_sending()');
  await pool.query('select app_public.resume_task($1)', [stage.taskId]);
  const there: Stage = { ...stage, pool };
  await eventually(
    () => openIn(there),
    (open) => open === 0,
    600_000,
  );
  return {
    machine: machine(stage.facts),
    figures: {
      sentAfterTheBackup: reported(before - atDump, 'mails'),
      sentBeforeAnyoneWasAsked: none(sentUnasked),
      startRefused: { value: refused, unit: '', goal: '1', met: refused === 1 },
      foundInTheRecord: reported(answer.asked.settled, 'mails'),
      silentServices: none(answer.asked.silent.length),
      ...(await verdict(there, recipients)),
    },
  };
}

async function arrived({ arrivals }: Stage, count: number): Promise<void> {
  await eventually(arrivals, ({ length }) => length >= count, 300_000);
}

async function dump(opened: AsyncDisposableStack, server: DebianServer, url: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'postilion-backup-'));
  opened.defer(() => rm(dir, { recursive: true }));
  const file = join(dir, 'backup');
  await server.program('pg_dump', '--format=custom', `--file=${file}`, url);
  return file;
}

async function restored(server: DebianServer, backup: string): Promise<string> {
  const url = await ensureDatabase(server.url, `postilion_restored_${process.pid}`);
  await server.program('pg_restore', '--exit-on-error', `--dbname=${url}`, backup);
  return url;
}

async function drop(server: DebianServer, url: string): Promise<void> {
  const owner = createPool({ connectionString: server.url, applicationName: 'postilion chaos', max: 1 });
  await owner.query(`drop database ${new URL(url).pathname.slice(1)} with (force)`);
  await owner.end();
}

async function afterRestore(url: string, since: Date): Promise<z.infer<typeof afterRestoreAnswer>> {
  const args = ['after-restore', '--since', since.toISOString(), '--ask-providers', '--json'];
  const { stdout } = await run(process.execPath, [join(projectDir, 'src/cli.ts'), ...args], {
    env: childEnvironment({ ...workerEnvironment, DATABASE_URL: url }),
  });
  return afterRestoreAnswer.parse(JSON.parse(stdout));
}

function openIn({ pool, taskId }: Stage): Promise<number> {
  return one(
    pool,
    `select count(*)::integer from app_public.sub_tasks where task_id = $1 and status in ('pending', 'allocated', 'sending')`,
    [taskId],
  );
}
