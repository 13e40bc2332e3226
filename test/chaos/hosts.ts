// Three workers and two servers on hosts of their own, a campaign under way, and one host after the other loses its link for a while. What the
// provider saw is compared with the rows and the ledger; and how long the dead host's locks stood.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import type pg from 'pg';
import { openBenchDatabase } from '../../bench/support/database.ts';
import { type Figure, machine, type Report, say } from '../../bench/support/report.ts';
import { createWebhookSecret } from '../../src/database/webhooks/create_webhook_secret.ts';
import { webhookPath } from '../../src/server/webhooks/paths.ts';
import { eventually } from '../support/eventually.ts';
import { one } from '../support/scene.ts';
import { recoveryMs } from './arrivals.ts';
import { aServerOn } from './hosts/database.ts';
import { aNetwork, bridgeAddress, type NetworkHost } from './hosts/network.ts';
import { moves } from './ledger.ts';
import { Server } from './server.ts';
import { aStage, type Stage } from './stage.ts';
import { none, reported, verdict } from './verdict.ts';
import { Worker } from './worker.ts';

const services = 8;
const intervalMs = 300;
const answerDelayMs: [number, number] = [5, 50];
const port = 5678;
/** What it takes PostgreSQL, by the settings of our sessions, to find out that a host is gone, and a margin. */
const locksGoalMs = 25_000;
const settleWithinMs = 120_000;

export interface HostsOptions {
  /** How long a host stays without its link. */
  seconds: number;
  /** Hosts that lose it, one after the other: a worker, a server, a worker … */
  cuts: number;
  prefix: string;
}

interface Cut {
  readonly host: string;
  /** Mails that the host was handing over when it was cut off. */
  readonly inFlight: number;
  readonly locksHeldMs: number;
  /** Until every service was heard of again. */
  readonly recoveryMs: number;
  /** From the moment the link was back until the host worked again. */
  readonly backMs: number;
}

/** In a network namespace of its own. */
export async function hosts({ seconds, cuts, prefix }: HostsOptions): Promise<Report> {
  await using opened = new AsyncDisposableStack();
  const named = ['worker1', 'worker2', 'worker3', 'server1', 'server2'];
  const all = await aNetwork(opened, prefix, named);
  const database = await openBenchDatabase(await aServerOn(bridgeAddress));
  const [workers, serverHosts] = [all.slice(0, 3), all.slice(3)];
  const servers = await Promise.all(
    serverHosts.map((host) => Server.at(database.url, { address: host.address, port, host })),
  );
  for (const server of servers) opened.use(server);
  const recipients = Math.ceil((cuts * (seconds + 30) + 10) * ((services * 1_000) / intervalMs));
  const stage = await aStage(opened, {
    services,
    intervalMs,
    workers: workers.length,
    recipients,
    answerDelayMs,
    database,
    providerAt: bridgeAddress,
    worker: (number) => new Worker(database.url, {}, workers[number]),
    prepare: (pool, made) => tellTo(pool, made, servers),
  });
  const done: Cut[] = [];
  for (let number = 0; number < cuts; number += 1) {
    const kind = number % 2 === 0 ? workers : serverHosts;
    const host = kind[Math.floor(number / 2) % kind.length];
    if (host !== undefined) done.push(await cutOff(stage, host, { url: database.url, seconds }));
  }
  await stage.finished();
  await stage.simulator.client.drain();
  return { machine: machine(stage.facts), figures: await figures(stage, recipients, done) };
}

/** Has the provider tell the one server of one half of the services, the other of the rest, and not give up while one is cut off. */
async function tellTo(
  pool: pg.Pool,
  { services: ids, simulator }: { services: Record<string, string>; simulator: Stage['simulator'] },
  servers: readonly Server[],
): Promise<void> {
  const urlByApiUser: Record<string, string> = {};
  for (const [number, [name, id]] of Object.entries(ids).entries()) {
    const path = webhookPath('engagelab', await createWebhookSecret(pool, id, null));
    urlByApiUser[name] = `${servers[number % servers.length]?.url}${path}`;
  }
  await simulator.client.configure({ webhooks: { urlByApiUser, delayMs: [0, 500], retries: 20, retryDelayMs: 500 } });
}

async function cutOff(
  stage: Stage,
  host: NetworkHost,
  { url, seconds }: { url: string; seconds: number },
): Promise<Cut> {
  const holder = await aHolder(stage.pool, host, url);
  await host.cut();
  const at = Date.now();
  say(`${host.name} is cut off for ${seconds} s`);
  const inFlight = await inFlightOn(stage.pool, host);
  const restored = scheduler.wait(seconds * 1_000).then(() => host.mend());
  await eventually(
    () => sessionsOf(stage.pool, 'postilion holder'),
    (sessions) => sessions === 0,
    settleWithinMs,
  );
  const locksHeldMs = Date.now() - at;
  await restored;
  const backAt = Date.now();
  await eventually(
    () => worksOn(stage.pool, host),
    (works) => works,
    settleWithinMs,
  );
  const backMs = Date.now() - backAt;
  holder.disconnect();
  const cut = { host: host.name, inFlight, locksHeldMs, recoveryMs: recoveryMs(await stage.arrivals(), at), backMs };
  say(`${host.name} is back: ${JSON.stringify(cut)}`);
  return cut;
}

/** Resolves when a process of that host holds the first service's row. */
async function aHolder(pool: pg.Pool, host: NetworkHost, url: string): Promise<ChildProcess> {
  const serviceId = await one<string>(pool, 'select id from app_public.email_services order by name limit 1');
  const { execPath, execArgv } = host;
  const child = fork(join(import.meta.dirname, 'hosts/holder.ts'), [url, serviceId], { execPath, execArgv });
  await once(child, 'message');
  return child;
}

function inFlightOn(pool: pg.Pool, { name }: NetworkHost): Promise<number> {
  return one(
    pool,
    `select count(*)::integer from app_public.sub_tasks s join app_hidden.worker_pools p on p.id = s.claimed_by
      where s.status in ('allocated', 'sending') and p.host like $1 || '/%'`,
    [name],
  );
}

function sessionsOf(pool: pg.Pool, application: string): Promise<number> {
  return one(pool, 'select count(*)::integer from pg_stat_activity where application_name = $1', [application]);
}

/** A worker's host: both of its runners gave a sign of life lately. A server's: it answers, and so does its database. */
function worksOn(pool: pg.Pool, { name, address }: NetworkHost): Promise<boolean> {
  if (name.startsWith('server'))
    return fetch(`http://${address}:${port}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  return one(
    pool,
    `select count(*) >= 2 from app_hidden.worker_pools
      where host like $1 || '/%' and seen_at > app_hidden.current_time() - interval '5 s'`,
    [name],
  );
}

async function figures(stage: Stage, recipients: number, cuts: readonly Cut[]): Promise<Record<string, Figure>> {
  const worst = (of: (cut: Cut) => number) => Math.max(0, ...cuts.map(of));
  const inFlight = cuts.reduce((sum, cut) => sum + cut.inFlight, 0);
  const doubted = await moves(stage.pool, 'sending', 'uncertain');
  const locksHeldMs = worst((cut) => cut.locksHeldMs);
  const { webhooks } = await stage.simulator.client.summary();
  return {
    cuts: reported(cuts.length),
    ...(await verdict(stage, recipients)),
    doubted: { value: doubted, unit: 'mails', goal: `≤ ${inFlight}, what was in flight`, met: doubted <= inFlight },
    locksHeldMs: { value: locksHeldMs, unit: 'ms', goal: `≤ ${locksGoalMs}`, met: locksHeldMs <= locksGoalMs },
    slowestRecoveryMs: reported(
      worst((cut) => cut.recoveryMs),
      'ms',
    ),
    slowestReturnMs: reported(
      worst((cut) => cut.backMs),
      'ms',
    ),
    webhooksGivenUp: none(webhooks.failed),
  };
}
