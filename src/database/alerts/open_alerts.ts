import { z } from 'zod';
import { severities } from '../../alerts/digest.ts';
import type { Queryable } from '../pool.ts';

export const openAlert = z.object({
  id: z.string(),
  rule: z.string(),
  subject: z.string(),
  severity: z.enum(severities),
  message: z.string(),
  remedy: z.string().nullable(),
  actionTaken: z.string().nullable(),
  openedAt: z.date(),
  lastSeenAt: z.date(),
  times: z.number(),
  acknowledgedAt: z.date().nullable(),
});

export type OpenAlert = z.infer<typeof openAlert>;

/** The gravest first, then the latest. As the owner. */
export async function openAlerts(db: Queryable): Promise<OpenAlert[]> {
  const { rows } = await db.query(
    `select id, rule, subject, severity, message, remedy, action_taken as "actionTaken", opened_at as "openedAt", last_seen_at as "lastSeenAt",
            times, acknowledged_at as "acknowledgedAt"
       from app_public.alerts where resolved_at is null order by alerts.severity desc, opened_at desc, id`,
  );
  return z.array(openAlert).parse(rows);
}
