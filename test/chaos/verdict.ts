// What every chaos run is judged by: the provider's record against the rows and the ledger. No worker is asked.
import type pg from 'pg';
import { type Figure, say } from '../../bench/support/report.ts';
import type { Entry } from '../../src/simulator/entry.ts';
import { minutesAstray } from '../support/minutes.ts';
import { driftOf } from '../support/scene.ts';
import { handOvers, overlappingLeases } from './ledger.ts';
import type { Stage } from './stage.ts';

/** Of a campaign of which nothing is open any more. */
export async function verdict(stage: Stage, recipients: number): Promise<Record<string, Figure>> {
  const { pool, taskId, simulator, intervals } = stage;
  const record = await Array.fromAsync(simulator.client.record());
  const uncertain = await uncertainIds(pool, taskId);
  const accepted = record.filter(({ outcome }) => outcome === 'accepted').map(({ subTaskId }) => subTaskId ?? '');
  const { accounts, duplicatesAtProvider } = await simulator.client.summary(intervals);
  sayWhatCameTooSoon(record, intervals);
  return {
    lost: none(recipients - new Set([...accepted, ...uncertain]).size),
    doubled: none(duplicatesAtProvider.length),
    overlappingLeases: none(await overlappingLeases(pool)),
    intervalViolations: none(Object.values(accounts).reduce((sum, { violations }) => sum + violations, 0)),
    unrecordedArrivals: none(unrecorded(record, await handOvers(pool))),
    statsDrift: none(await driftOf(pool, taskId)),
    minutesAstray: none(await minutesAstray(pool, taskId)),
    uncertain: reported(uncertain.length),
  };
}

/** A violation alone explains nothing: which mails, and by how much. */
function sayWhatCameTooSoon(record: readonly Entry[], intervals: Readonly<Record<string, number>>): void {
  for (const [account, entries] of Map.groupBy(record, ({ account }) => account ?? '')) {
    const inOrder = entries.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
    for (const [place, entry] of inOrder.entries()) {
      const before = inOrder[place - 1];
      const gapMs = entry.arrivedAt - (before?.arrivedAt ?? Number.NEGATIVE_INFINITY);
      if (gapMs < (intervals[account] ?? 0))
        say(`${account}: ${entry.subTaskId} came ${gapMs.toFixed(1)} ms after ${before?.subTaskId}`);
    }
  }
}

export function none(value: number): Figure {
  return { value, unit: '', goal: '0', met: value === 0 };
}

export function reported(value: number, unit = ''): Figure {
  return { value, unit, goal: 'reported', met: true };
}

async function uncertainIds(pool: pg.Pool, taskId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from app_public.sub_tasks where task_id = $1 and status = 'uncertain'`,
    [taskId],
  );
  return rows.map(({ id }) => id);
}

/** Requests beyond the hand-overs that the ledger knows of: a mail must not leave before that is on record, whatever breaks then. */
function unrecorded(record: readonly Entry[], begun: ReadonlyMap<string, number>): number {
  const requests = Map.groupBy(record, ({ subTaskId }) => subTaskId ?? '');
  return [...requests].reduce((sum, [id, { length }]) => sum + Math.max(0, length - (begun.get(id) ?? 0)), 0);
}
