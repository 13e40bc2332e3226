// What becomes of mails, in the words of a provider's webhooks: for most a hand-over, a delivery and perhaps an open, for some a bounce.
import { links, type Mail } from './mails.ts';

/** One event as EngageLab posts it. */
export type Report = Readonly<Record<string, unknown>>;

const startMs = Date.UTC(2026, 0, 1);

/** All events of some mails, each found by its place in the order they happened: a million of them are never in memory at once. */
export class History {
  readonly #mails: readonly Mail[];
  readonly #mailOf: number[] = [];
  readonly #turnOf: number[] = [];

  constructor(mails: readonly Mail[]) {
    this.#mails = mails;
    for (const [number, mail] of mails.entries())
      for (const turn of reportsOf(mail, number).keys()) {
        this.#mailOf.push(number);
        this.#turnOf.push(turn);
      }
  }

  get length(): number {
    return this.#mailOf.length;
  }

  /** @throws RangeError beyond the last event */
  at(place: number): Report {
    const number = this.#mailOf[place] ?? -1;
    const mail = this.#mails[number];
    const report = mail && reportsOf(mail, number)[this.#turnOf[place] ?? -1];
    if (report === undefined) throw new RangeError(`there is no event ${place}`);
    return report;
  }

  /** The events of these places, one after the other. */
  *of(places: Iterable<number>): Generator<Report> {
    for (const place of places) yield this.at(place);
  }
}

// By its number, so that the shares are exact: of a hundred mails two bounce softly and one for good, forty are opened, eight followed.
function reportsOf(mail: Mail, number: number): Report[] {
  const of100 = number % 100;
  const reports = [status(mail, number, 'sent', 0)];
  if (of100 < 1)
    return [
      ...reports,
      status(mail, number, 'invalid_email', 2_000, { sub_stat: 406, message: '550 5.1.1 no such user' }),
    ];
  if (of100 < 3)
    return [
      ...reports,
      status(mail, number, 'soft_bounce', 2_000, { sub_stat: 503, message: '452 4.2.2 mailbox full' }),
    ];
  reports.push(status(mail, number, 'delivered', 2_000));
  if (of100 < 43) reports.push(response(mail, number, 'open', 60_000), response(mail, number, 'open', 90_000));
  if (of100 < 11) reports.push(response(mail, number, 'click', 95_000, { url: links[number % links.length] }));
  if (of100 === 42) reports.push(response(mail, number, 'unsubscribe', 99_000));
  if (number % 1_000 === 41) reports.push(response(mail, number, 'report_spam', 99_000));
  return reports;
}

function common(mail: Mail, number: number, afterMs: number): Report {
  return {
    server: 'email',
    message_id: mail.messageId,
    from: 'news@example.com',
    to: mail.recipient,
    subject: 'Subject',
    itime: startMs + number + afterMs,
    custom_args: { subtask_id: mail.id },
  };
}

function status(mail: Mail, number: number, message_status: string, afterMs: number, error_detail?: Report): Report {
  const status_data = { api_user: 'bench', email_id: mail.messageId, task_id: '-1', label_id: 0 };
  return {
    ...common(mail, number, afterMs),
    status: { message_status, status_data, ...(error_detail && { error_detail }) },
  };
}

function response(mail: Mail, number: number, event: string, afterMs: number, more: Report = {}): Report {
  const response_data = { email_id: mail.messageId, task_id: '-1', ip: '192.0.2.1', ...more };
  return { ...common(mail, number, afterMs), response: { event, response_data } };
}
