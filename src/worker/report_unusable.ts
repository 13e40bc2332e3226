import { reportUnusableService } from '../database/alerts/report_unusable_service.ts';
import type { Outcome } from '../providers/provider.ts';
import type { WorkerContext } from './context.ts';

export type Unusable = Extract<Outcome, { kind: 'unusable' }>;

/** A rated service may have hundreds of mails refused at once: they are one piece of news. */
const pauseMs = 10_000;

const reportedAt = new Map<string, number>();

/** Beside the way of the mail, which waits for nothing here: what is not reported now is found again by the next mail. */
export function reportUnusable({ db, log }: WorkerContext, serviceId: string, { reason, message }: Unusable): void {
  const now = performance.now();
  if (now - (reportedAt.get(serviceId) ?? Number.NEGATIVE_INFINITY) < pauseMs) return;
  reportedAt.set(serviceId, now);
  reportUnusableService(db, serviceId, reason, message).catch((error: unknown) => {
    log.warn({ serviceId, err: error }, 'an unusable service could not be reported');
    reportedAt.delete(serviceId);
  });
}
