// Processor time, which says what a thing costs where rates of two slices differ by more than it does. Linux only: it reads /proc.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type pg from 'pg';

/** The kernel tells times in ticks, a hundred a second on every Linux. */
const ticksPerSecond = 100;

/** Seconds of processor time, by process. */
export type Times = ReadonlyMap<number, number>;

/** Of a worker: its processes, and their sessions in its database. */
export async function workerTimes(pool: pg.Pool, processes: readonly number[]): Promise<Times> {
  const { rows } = await pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and application_name <> 'postilion bench'`,
  );
  return timesOf([...processes, ...rows.map(({ pid }) => pid)]);
}

/** What was spent since, by those that live now. */
export function spentSince(before: Times, now: Times): number {
  let seconds = 0;
  for (const [pid, time] of now) seconds += time - (before.get(pid) ?? 0);
  return seconds;
}

/** As a share of all that this machine could have done meanwhile. */
export function shareOf(seconds: number, wallSeconds: number): number {
  return seconds / (availableParallelism() * wallSeconds);
}

function timesOf(pids: readonly number[]): Times {
  return new Map(pids.map((pid) => [pid, timeOf(pid)]));
}

function timeOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user = 0, system = 0] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (user + system) / ticksPerSecond;
  } catch {
    return 0;
  }
}
