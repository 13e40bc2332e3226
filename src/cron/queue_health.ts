import type { Task } from 'graphile-worker';
import { roomForDatabase } from '../alerts/room.ts';
import { actOnAlert } from '../database/alerts/act_on_alert.ts';
import { evaluateRule, type Given } from '../database/alerts/evaluate_rule.ts';
import { watchedKinds } from '../database/alerts/watched_kinds.ts';
import type { WorkerContext } from '../worker/context.ts';

/** Known once an hour, from closed hours: see webhook_silence.ts. */
const hourly: ReadonlySet<string> = new Set(['webhook_silence']);

export type HealthContext = Pick<WorkerContext, 'db' | 'log' | 'stopping'> & {
  readonly config: Pick<WorkerContext['config'], 'DATABASE_URL' | 'POSTILION_DATA_DIR' | 'DATABASE_MAX_BYTES'>;
};

export function queueHealth(context: HealthContext): Task {
  return () => lookAtQueue(context);
}

/** Measures everything there is a rule for, each in a transaction of its own, and does what rules want done. */
export async function lookAtQueue(context: HealthContext): Promise<void> {
  const { db, config, log, stopping } = context;
  const room = await roomForDatabase(config).catch((error: unknown) => {
    log.warn({ err: error }, 'it can not be found out how full the disk is');
    return {};
  });
  for (const kind of await watchedKinds(db)) {
    if (stopping.aborted) return;
    if (!hourly.has(kind)) await look(context, kind, kind === 'disk_low' ? room : {});
  }
  for (let id = await act(context); id !== null && !stopping.aborted; ) id = await act(context);
}

/** A rule that can't be measured must not keep the others from it. */
export async function look(
  { db, log }: Pick<HealthContext, 'db' | 'log'>,
  kind: string,
  given: Given = {},
): Promise<void> {
  await evaluateRule(db, kind, given).catch((error: unknown) => {
    log.error({ err: error, kind }, 'an alert rule could not be evaluated');
  });
}

async function act({ db, log }: HealthContext): Promise<string | null> {
  const id = await actOnAlert(db);
  if (id !== null) log.warn({ alert: id }, 'did what its rule wants done about an alert');
  return id;
}
