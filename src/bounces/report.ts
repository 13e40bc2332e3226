// What the several kinds of reports come to before anyone asks whether they are to be believed.
import { isoTime } from '../providers/webhook_fields.ts';
import type { MailEvent, MailEventKind } from '../providers/webhook_source.ts';

export interface Report {
  readonly kind: MailEventKind;
  /** ISO 8601, or null: then the message's own date counts. */
  readonly occurredAt: string | null;
  /** In lower case, as the reporter names it: where a mail was forwarded, it is not ours. */
  readonly recipient: string | null;
  /** What tells apart several reports of one message, beside the recipient. */
  readonly action: string;
  readonly detail: MailEvent['detail'];
}

/** Of a field, which is a reporter's: no address needs more. */
const MAX_FIELD = 1_000;

/** RFC 5322's date as ISO 8601; null for none, and for nonsense. */
export function timeOf(date: string | null): string | null {
  return isoTime(Date.parse(date ?? ''));
}

/** The address in `rfc822;user@example.com` or `<user@example.com>`, in lower case; null when there is none. */
export function addressOf(field: string | null): string | null {
  const [, address] =
    /^(?:\s*[\w-]+\s*;)?\s*<?\s*([^\s<>;,]{1,254}@[^\s<>;,@]{1,254})/.exec((field ?? '').slice(0, MAX_FIELD)) ?? [];
  return address?.toLowerCase() ?? null;
}
