import type { TaskList } from 'graphile-worker';
import type { WorkerContext } from '../worker/context.ts';
import { alerts } from './alerts.ts';
import { checkDomains } from './check_domains.ts';
import { checkStatistics } from './check_statistics.ts';
import { dailyReport } from './daily_report.ts';
import { lookUpUncertain } from './look_up_uncertain.ts';
import { partitions } from './partitions.ts';
import { prune } from './prune.ts';
import { queueHealth } from './queue_health.ts';
import { reap } from './reap.ts';
import { reconcile } from './reconcile.ts';
import { retention } from './retention.ts';
import { rollUp } from './roll_up.ts';
import { webhookSilence } from './webhook_silence.ts';

/** The handlers named in the crontab. */
export function cronHandlers(context: WorkerContext): TaskList {
  return {
    reap: reap(context),
    look_up_uncertain: lookUpUncertain(context),
    reconcile: reconcile(context),
    check_statistics: checkStatistics(context),
    check_domains: checkDomains(context),
    roll_up: rollUp(context),
    queue_health: queueHealth(context),
    webhook_silence: webhookSilence(context),
    alerts: alerts(context),
    daily_report: dailyReport(context),
    partitions: partitions(context),
    prune: prune(context),
    retention: retention(context),
  };
}
