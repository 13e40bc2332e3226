import { z } from 'zod';
import { digest } from '../../alerts/digest.ts';
import type { Queryable } from '../pool.ts';

const delivery = z.object({
  id: z.string(),
  channelId: z.string(),
  kind: z.enum(['log', 'webhook', 'email']),
  channel: z.string(),
  /** Of a mail. */
  address: z.string().nullable(),
  /** Of a mail that takes the queue of a service. */
  emailServiceId: z.string().nullable(),
  digest,
  /** Empty where the channel has nothing to hide. */
  sealed: z
    .instanceof(Buffer)
    .nullable()
    .transform((bytes) => bytes ?? Buffer.alloc(0)),
});

/** A message that is to be sent now. */
export type Delivery = z.infer<typeof delivery>;

/** Takes messages that are due, for two minutes. @param channelId of this channel alone; null: of all */
export async function takeDeliveries(db: Queryable, limit: number, channelId: string | null): Promise<Delivery[]> {
  const { rows } = await db.query(
    `select id, channel_id as "channelId", kind, channel, address, email_service_id as "emailServiceId", digest, sealed
       from app_private.take_deliveries($1, $2)`,
    [limit, channelId],
  );
  return z.array(delivery).parse(rows);
}
