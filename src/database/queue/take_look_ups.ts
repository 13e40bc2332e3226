import type { Queryable } from '../pool.ts';

/** An uncertain SubTask, and the time within which its provider may have taken it. */
export interface Doubt {
  readonly serviceId: string;
  readonly subTaskId: string;
  readonly recipient: string;
  readonly from: Date;
  readonly until: Date;
}

interface Row {
  email_service_id: string;
  sub_task_id: string;
  recipient_email: string;
  from_time: Date;
  until_time: Date;
}

/** Takes the services whose look-up is due: nobody else gets them for 10 minutes. @returns up to `limit` uncertain SubTasks of each. */
export async function takeLookUps(db: Queryable, limit: number): Promise<Doubt[]> {
  const { rows } = await db.query<Row>('select * from app_private.take_look_ups($1)', [limit]);
  return rows.map((row) => ({
    serviceId: row.email_service_id,
    subTaskId: row.sub_task_id,
    recipient: row.recipient_email,
    from: row.from_time,
    until: row.until_time,
  }));
}
