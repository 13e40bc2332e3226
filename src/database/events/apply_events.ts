import { type Queryable, safeInteger } from '../pool.ts';

/** One event in the form app_private.apply_events reads. */
export interface EventToApply {
  /** UUID made of provider and dedupe key. */
  key: string;
  event_log_id: number;
  kind: string;
  /** ISO 8601. */
  occurred_at: string;
  sub_task_id: string | null;
  message_id: string | null;
  tracking_id: string | null;
  machine: boolean | null;
  /** It is tried again later when nothing has its message id yet. */
  may_wait: boolean;
  detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** Applies events to SubTasks, Contacts and suppressions. @returns the ids of event_logs to be applied again later. */
export async function applyEvents(db: Queryable, events: EventToApply[]): Promise<number[]> {
  const { rows } = await db.query<{ waiting: string[] }>('select app_private.apply_events($1) as waiting', [
    JSON.stringify(events),
  ]);
  return (rows[0]?.waiting ?? []).map(safeInteger);
}
