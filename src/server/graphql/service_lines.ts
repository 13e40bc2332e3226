// What the counters say of each service of a Task.
import { listOf } from './statistics.ts';

/** Columns of app_hidden.task_service_number_parts, and the name of the service. */
export type ServiceColumn =
  | 'service_id'
  | 'name'
  | 'sent'
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'bounced'
  | 'complained'
  | 'unsubscribed'
  | 'failed'
  | 'uncertain'
  | 'answers'
  | 'answer_ms';

/** The id of a service, the mails that it sent, and the other columns that are asked for. */
export type ServiceLine = readonly [serviceId: string, sent: number, ...others: unknown[]];

/** That a Task is told of. */
export const mostServices = 1000;

/**
 * What is folded and what is not added up, the busiest service first.
 * @param columns lists of the same length: ids, mails sent, and others; nulls: no service has begun
 */
export function linesOf(columns: unknown): readonly ServiceLine[] {
  const [ids = [], sent = [], ...others] = listOf(columns).map(listOf);
  const lines = new Map<string, ServiceLine>();
  for (const [place, id] of ids.entries()) {
    const serviceId = String(id);
    const line: ServiceLine = [serviceId, Number(sent[place]), ...others.map((values) => values[place])];
    const known = lines.get(serviceId);
    lines.set(serviceId, known === undefined ? line : together(known, line));
  }
  return Array.from(lines.values()).sort(busiestFirst).slice(0, mostServices);
}

function together([serviceId, sent, ...others]: ServiceLine, line: ServiceLine): ServiceLine {
  return [serviceId, sent + line[1], ...others.map((value, place) => added(value, line[place + 2]))];
}

/** Of a name there is nothing to add. */
function added(a: unknown, b: unknown): unknown {
  return typeof a === 'number' && typeof b === 'number' ? a + b : a;
}

function busiestFirst(a: ServiceLine, b: ServiceLine): number {
  return b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
}

/** @returns null: no mail was accepted */
export function meanAnswerMs([answers, answerMs]: readonly [unknown, unknown]): number | null {
  return answers === 0 ? null : Number(answerMs) / Number(answers);
}
