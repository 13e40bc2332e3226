// A runner: one process of graphile-worker, the child of a supervisor. `send` runs the loops of services, which wait for their pace and hold
// a slot meanwhile; `other` runs everything else, so that generation and events never wait behind a pace. It is crash-only: whatever it can't
// explain ends it, and its supervisor starts another.
import { run } from 'graphile-worker';
import { loadConfig } from '../config.ts';
import { dataDirectory } from '../database/embedded.ts';
import { createPool } from '../database/pool.ts';
import { type PoolKind, registerPool } from '../database/pools/register_pool.ts';
import { releasePool } from '../database/pools/release_pool.ts';
import { stayHome } from '../database/restore/stay_home.ts';
import { loadSecret } from '../database/secret.ts';
import { projectDir } from '../database/server.ts';
import { createLogger } from '../log.ts';
import { RunnerMeters } from '../metrics/runner_meters.ts';
import { resetWaiting } from '../providers/wire.ts';
import type { WorkerContext } from './context.ts';
import { FileCache } from './file_cache.ts';
import { Frontier } from './frontier.ts';
import { graphileLogger } from './graphile_logger.ts';
import { hostKey } from './host.ts';
import { jobPool } from './job_pool.ts';
import { keepAlive } from './keep_alive.ts';
import { type FromRunner, toRunner } from './messages.ts';
import { SenderCache } from './sender_cache.ts';
import { crontabFor, tasksFor } from './task_list.ts';

const kind: PoolKind = process.argv[2] === 'send' ? 'send' : 'other';
const concurrency = Number(process.argv[3] ?? 4);
const config = loadConfig();
if (config.DATABASE_URL === undefined) throw new Error('a runner is started by its supervisor, with DATABASE_URL');

process.on('message', (message) => {
  const asked = toRunner.safeParse(message).data?.type;
  if (asked === 'stop') stop();
  else if (asked === 'metrics') void tellMetrics();
});
// However this ends: what the provider has not got yet, it must not get when another worker has gone on.
process.on('exit', resetWaiting);
// The supervisor is gone: end at once, so that none is left behind. Leases and jobs are settled by whoever lives.
process.on('disconnect', () => process.exit(1));
process.on('SIGTERM', stop);
// A terminal tells the whole group of Ctrl-C and of its own end; the supervisor decides.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

const log = createLogger(config).child({ runner: kind });
const stopping = new AbortController();
const secret = await loadSecret(config, dataDirectory({ dataDir: config.POSTILION_DATA_DIR, projectDir }));
const db = createPool({
  connectionString: config.DATABASE_URL,
  role: 'postilion_worker',
  applicationName: `postilion ${kind}`,
  max: Math.min(concurrency + 5, 40),
  onError: (error) => log.warn({ err: error }, 'a database connection broke'),
});
const senders = new SenderCache(secret);
const meters = process.argv[4] === 'measured' ? new RunnerMeters(kind) : undefined;
let poolId: string | undefined;
const context: WorkerContext = {
  db,
  config,
  secret,
  senders,
  files: new FileCache(),
  frontier: new Frontier(),
  log,
  poolId: () => poolId ?? 'unregistered',
  trackingOrigin: config.TRACKING_BASE_URL ?? `http://${config.HOST}:${config.PORT}`,
  stopping: stopping.signal,
  meters,
};

// In a copy of a database nothing is sent before a person has said what the copy is for.
async function registered(id: string): Promise<void> {
  if (!(await stayHome(db)))
    log.error(
      'this database is a copy of the one in which mails were sent; nothing is sent until: postilion after-restore',
    );
  await registerPool(db, { id, kind, host: hostKey, pid: process.pid });
}

const registration = Promise.withResolvers<void>();
async function register(id: string): Promise<void> {
  if (poolId === undefined) {
    poolId = id;
    registered(id).then(registration.resolve, registration.reject);
  }
  // Awaited before the first job is taken: a process that dies with jobs is always one that is known.
  await registration.promise;
}

const runner = await run({
  pgPool: jobPool(db, stopping.signal),
  noHandleSignals: true,
  taskList: await tasksFor(kind, context),
  parsedCronItems: crontabFor(kind),
  preset: {
    worker: {
      concurrentJobs: concurrency,
      pollInterval: kind === 'send' ? 1_000 : 500,
      maxPoolSize: Math.min(concurrency + 5, 40),
      logger: graphileLogger(log),
    },
    plugins: [
      {
        name: 'PostilionPoolPlugin',
        version: '1.0.0',
        worker: { hooks: { startWorker: (_info, event) => register(event.worker.workerPool.id) } },
      },
    ],
  },
});

meters?.watch(runner.events);

// It stops by itself when its pool fails, and would stand idle.
void runner.promise.finally(() => {
  if (!stopping.signal.aborted) process.exit(1);
});
await registration.promise;
const heart = keepAlive({
  db,
  log,
  poolId: context.poolId,
  events: runner.events,
  concurrency,
  stopping: stopping.signal,
});
tell({ type: 'ready', poolId: context.poolId() });
if (stopping.signal.aborted) await end();
else stopping.signal.addEventListener('abort', () => void end());

function tell(message: FromRunner): void {
  process.send?.(message);
}

async function tellMetrics(): Promise<void> {
  tell({ type: 'metrics', families: (await meters?.families()) ?? [] });
}

function stop(): void {
  stopping.abort();
}

async function end(): Promise<void> {
  await runner.stop();
  clearInterval(heart);
  await senders.close();
  await releasePool(db, context.poolId(), true);
  await db.end();
  process.exit(0);
}
