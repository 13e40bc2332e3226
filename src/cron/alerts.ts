import type { Task } from 'graphile-worker';
import { deliver } from '../alerts/deliver.ts';
import { Reach } from '../alerts/reach.ts';
import { tellAlerts } from '../database/alerts/tell_alerts.ts';
import type { WorkerContext } from '../worker/context.ts';

export type AlertsContext = Pick<WorkerContext, 'db' | 'log' | 'secret' | 'stopping'> & {
  readonly config: Pick<WorkerContext['config'], 'ALERT_WEBHOOK_NETWORKS'>;
};

export function alerts(context: AlertsContext): Task {
  return () => tellAll(context);
}

/** Writes what is to be told, and sends what is due: what was written now, and what was not taken before. */
export async function tellAll(context: AlertsContext): Promise<void> {
  const { config, db, stopping } = context;
  const delivery = { ...context, reach: new Reach(config.ALERT_WEBHOOK_NETWORKS) };
  await tellAlerts(db);
  for (let sent = 1; sent > 0 && !stopping.aborted; ) sent = (await deliver(delivery)).length;
}
