// Complaints: the abuse reporting format, RFC 5965, with the corrections of RFC 6650.
import { clip, MAX_TEXT_BYTES } from '../providers/text.ts';
import { fieldsOf, first } from './fields.ts';
import type { Message } from './message.ts';
import { addressOf, type Report, timeOf } from './report.ts';

/** Of a person who wants no more of it. The others are of machines (virus, auth-failure), or the contrary (not-spam). */
const COMPLAINTS = new Set(['abuse', 'fraud']);

/** One report; null when the message is no feedback. */
export function feedbackReports({ leaves }: Message): Report[] | null {
  const feedback = leaves.find(({ type }) => type === 'message/feedback-report');
  if (feedback === undefined) return null;
  const fields = fieldsOf(feedback.text());
  const type = first(fields, 'feedback-type')?.toLowerCase() ?? 'unknown';
  const reporter = first(fields, 'reporting-mta') ?? first(fields, 'user-agent');
  return [
    {
      kind: COMPLAINTS.has(type) ? 'complaint' : 'other',
      // When it was received, which is not when somebody complained of it; but then, nobody says when that was.
      occurredAt: null,
      recipient: addressOf(first(fields, 'original-rcpt-to')),
      action: clip(type, MAX_TEXT_BYTES),
      detail: {
        report: 'feedback',
        feedback_type: clip(type, MAX_TEXT_BYTES),
        ...(reporter !== null && { reporter: clip(reporter, MAX_TEXT_BYTES) }),
        ...received(timeOf(first(fields, 'arrival-date') ?? first(fields, 'received-date'))),
      },
    },
  ];
}

function received(at: string | null): { received_at?: string } {
  return at === null ? {} : { received_at: at };
}
