// What webhooks and tracking links share: one recorder, one waker, and connections that no GraphQL request can use up.
import type pg from 'pg';
import type { Logger } from 'pino';
import { createPool } from '../database/pool.ts';
import { recordWebhookRefusals } from '../database/webhooks/record_webhook_refusals.ts';
import type { IntakeMeters } from '../metrics/intake_meters.ts';
import { isUnavailable } from './errors.ts';
import { recordEvents } from './webhooks/record_events.ts';
import { Recorder, type Recording } from './webhooks/recorder.ts';
import { Refusals, type RefusedRequest } from './webhooks/refusals.ts';
import { Throttle } from './webhooks/throttle.ts';
import { wakeApplyEvents } from './webhooks/wake_apply_events.ts';

const wakeIntervalMs = 100;
const complaintIntervalMs = 1000;

export interface Intake {
  readonly pool: pg.Pool;
  /**
   * Resolves once this body is committed.
   * @throws BacklogFull, or the reason why it could not be stored
   */
  record(recording: Recording): Promise<void>;
  /** Counts what may not come in, and keeps some of it for a week. */
  refuse(refused: RefusedRequest): void;
  /** Logs what could not be taken in; in an outage, one line a second. */
  complain(error: unknown): void;
  /** Records what was taken in, then lets go of the database. */
  close(): Promise<void>;
}

export interface IntakeOptions {
  readonly url: string;
  readonly log: Logger;
  /** Absent: nothing is measured. */
  readonly meters?: IntakeMeters | undefined;
}

export function openIntake({ url, log, meters }: IntakeOptions): Intake {
  const pool = createPool({
    connectionString: url,
    applicationName: 'postilion intake',
    role: 'postilion_admin',
    max: 4,
    onError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const complaints = complaintsTo(log);
  // A failure to wake costs little: a periodic job stands behind it.
  const waker = new Throttle(wakeIntervalMs, () => wakeApplyEvents(pool).catch(complaints.add));
  const recorder = new Recorder({
    insert: (rows) => recordEvents(pool, rows),
    onCommit: () => waker.call(),
    blamesRows: (error) => !isUnavailable(error),
  });
  const refusals = new Refusals({
    store: (counts, kept) => recordWebhookRefusals(pool, counts, kept),
    onError: complaints.add,
  });
  const close = async () => {
    await recorder.drained();
    await waker.close();
    await refusals.close();
    await complaints.close();
    await pool.end();
  };
  return {
    pool,
    async record(recording) {
      await recorder.record(recording);
      meters?.received(recording.provider);
    },
    refuse(refused) {
      meters?.refused(refused.source);
      refusals.add(refused);
    },
    complain: complaints.add,
    close,
  };
}

function complaintsTo(log: Logger) {
  let count = 0;
  let last: unknown;
  const throttle = new Throttle(complaintIntervalMs, async () => {
    log.warn({ err: last, count }, 'events could not be taken in');
    count = 0;
  });
  const add = (error: unknown) => {
    last = error;
    count++;
    throttle.call();
  };
  return { add, close: () => throttle.close() };
}
