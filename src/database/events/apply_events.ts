import { type Queryable, safeInteger } from '../pool.ts';

/** One event in the form app_private.apply_events reads. */
export interface EventToApply {
  /** UUID made of provider and dedupe key. */
  key: string;
  event_log_id: number;
  /** Of its body, as the database writes it. */
  received_at: string;
  provider: string;
  /** The service whose path it came in by; null: none is known, it may concern any mail. */
  service_id: string | null;
  kind: string;
  /** ISO 8601. */
  occurred_at: string;
  sub_task_id: string | null;
  sub_task_id_from: 'custom_args' | 'payload' | null;
  message_id: string | null;
  tracking_id: string | null;
  recipient: string | null;
  machine: boolean | null;
  /** It is tried again later when nothing has its message id yet. */
  may_wait: boolean;
  detail: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * Applies events to SubTasks, Contacts and suppressions.
 * @param softBounceLimit so many in a row suppress an address
 * @returns the ids of event_logs to be applied again later
 */
export async function applyEvents(db: Queryable, events: EventToApply[], softBounceLimit: number): Promise<number[]> {
  const { rows } = await db.query<{ waiting: string[] }>({
    name: 'apply_events',
    text: 'select app_private.apply_events($1, $2) as waiting',
    values: [JSON.stringify(events), softBounceLimit],
  });
  return (rows[0]?.waiting ?? []).map(safeInteger);
}
