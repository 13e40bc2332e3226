// A row of EngageLab's record (GET /v1/email_status) as an event. It comes through the inbox like a webhook, so that it is applied as one.
// Source: EngageLab, REST API, "Delivery response".
import { kindOfStatus } from './engagelab_kinds.ts';
import type { Fields } from './webhook_body.ts';
import { addressOf, idOf, isoTime, textOf, withoutNulls } from './webhook_fields.ts';
import type { MailEvent } from './webhook_source.ts';

/** No webhook has a number, or a word, for its status: there it is an object. */
export function isStatusRow(row: Fields): boolean {
  return ['number', 'string'].includes(typeof row['status']) && typeof row['email_id'] === 'string';
}

/** @returns nothing while the mail is on its way. */
export function statusEvents(row: Fields): MailEvent[] {
  const reading = kindOfStatus(textOf(row['status']) ?? '', textOf(row['sub_status']));
  const id = idOf(row['email_id']);
  if (reading === null || id === null) return [];
  return [
    {
      kind: reading.kind,
      occurredAt: occurredAt(textOf(row['update_time'])),
      // Without a time: however often it is asked for, and whatever is touched in the record meanwhile, a state is one event.
      dedupeKey: `${id} status ${textOf(row['status'])}`,
      subTaskId: null,
      subTaskIdFrom: null,
      messageId: id,
      trackingId: null,
      recipient: addressOf(row['email']),
      machine: null,
      detail: detailOf(row, reading.note),
    },
  ];
}

/** A time of the record: with its zone or, like the dates it is asked by, in Beijing's. Null: it is none. */
export function recordTime(time: string): Date | null {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time.replace(' ', 'T')}+08:00`;
  const date = new Date(zoned);
  return Number.isNaN(date.getTime()) ? null : date;
}

function occurredAt(time: string | null): string | null {
  return isoTime(recordTime(time ?? '')?.getTime() ?? Number.NaN);
}

function detailOf(row: Fields, note: string | null): Record<string, string> {
  const told = textOf(row['response_message']) ?? textOf(row['sub_status_desc']);
  return withoutNulls({
    reason: [note, told].filter((part) => part !== null).join(': ') || null,
    sub_status: textOf(row['sub_status']),
  });
}
