// Messages on their way into the inbox that webhooks go to. What they prove is found here, where the key is; what they say is read later.
import { createPool } from '../database/pool.ts';
import type { Logger } from '../log.ts';
import { BOUNCE_MAIL, PROVEN_HEADER } from '../providers/bounce_mail.ts';
import { trackingIdIn } from '../rendering/return_path.ts';
import { recordEvents } from '../server/webhooks/record_events.ts';
import type { Recording } from '../server/webhooks/recorder.ts';
import { wakeApplyEvents } from '../server/webhooks/wake_apply_events.ts';

export interface Origin {
  /** Where the messages come from, without a password. */
  readonly place: string;
  /** To whom they were delivered, where an MTA says so. */
  readonly recipient: string | null;
}

export interface Counts {
  /** Messages committed. */
  recorded: number;
  /** Those among them with a return path that we signed. */
  proven: number;
}

export interface BounceInbox {
  readonly counts: Readonly<Counts>;
  /** Resolves once all of them are committed. */
  record(messages: readonly Buffer[], origin: Origin): Promise<void>;
  close(): Promise<void>;
}

export function openBounceInbox({
  url,
  keys,
  log,
}: {
  url: string;
  keys: readonly Buffer[];
  log: Logger;
}): BounceInbox {
  const pool = createPool({
    connectionString: url,
    applicationName: 'postilion bounces',
    role: 'postilion_admin',
    max: 1,
    onError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const counts: Counts = { recorded: 0, proven: 0 };
  const record = async (messages: readonly Buffer[], origin: Origin) => {
    const rows = messages.map((message) => recordingOf(message, origin, keys));
    await recordEvents(pool, rows);
    counts.recorded += rows.length;
    counts.proven += rows.filter(({ headers }) => PROVEN_HEADER in headers).length;
    // A failure to wake costs little: a periodic job stands behind it.
    await wakeApplyEvents(pool).catch((error) => log.warn({ err: error }, 'the inbox was not woken'));
  };
  return { counts, record, close: () => pool.end() };
}

export function recordingOf(message: Buffer, { place, recipient }: Origin, keys: readonly Buffer[]): Recording {
  const trackingId = trackingIdIn(`<${recipient ?? ''}>\n${withoutSoftBreaks(message)}`, keys);
  return {
    provider: BOUNCE_MAIL,
    path: place,
    headers: trackingId === null ? {} : { [PROVEN_HEADER]: trackingId },
    body: message,
  };
}

/** Wherever in the message the address stands, it is proof. Quoted-printable may have broken it in two. */
function withoutSoftBreaks(message: Buffer): string {
  return message.toString('latin1').replace(/=\r?\n/g, '');
}
