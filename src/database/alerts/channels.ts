import { z } from 'zod';
import { severities } from '../../alerts/digest.ts';
import type { Queryable } from '../pool.ts';

export const alertChannel = z.object({
  id: z.string(),
  kind: z.enum(['log', 'webhook', 'email']),
  name: z.string(),
  host: z.string().nullable(),
  addresses: z.array(z.string()).nullable(),
  service: z.string().nullable(),
  minimumSeverity: z.enum(severities),
  mostPerHour: z.number(),
  isEnabled: z.boolean(),
  lastSentAt: z.date().nullable(),
  lastError: z.string().nullable(),
});

export type AlertChannel = z.infer<typeof alertChannel>;

/** In the order of their names. As the owner. */
export async function alertChannels(db: Queryable): Promise<AlertChannel[]> {
  const { rows } = await db.query(
    `select c.id, c.kind, c.name, c.host, c.addresses, s.name as service, c.minimum_severity as "minimumSeverity", c.most_per_hour as "mostPerHour",
            c.is_enabled as "isEnabled", c.last_sent_at as "lastSentAt", c.last_error as "lastError"
       from app_public.alert_channels c left join app_public.email_services s on s.id = c.email_service_id order by c.name`,
  );
  return z.array(alertChannel).parse(rows);
}

/** Queues a message that says that it is a test. */
export async function testChannel(db: Queryable, id: string): Promise<void> {
  await db.query('select app_public.test_alert_channel($1)', [id]);
}

/** With what waits for it. As the owner, whom no policy keeps from removing the log. */
export async function removeChannel(db: Queryable, id: string): Promise<void> {
  await db.query('delete from app_public.alert_channels where id = $1', [id]);
}
