// What the counters say, in the words of the schema.
/** Columns of app_hidden.task_number_parts, in the order in which they are read. */
export const statisticsColumns = [
  'pending',
  'allocated',
  'sending',
  'sent',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'failed',
  'cancelled',
  'uncertain',
  'ever_sent',
  'ever_delivered',
  'ever_opened',
  'ever_clicked',
  'ever_bounced',
  'ever_unsubscribed',
  'ever_complained',
  'ever_human_opened',
  'ever_human_clicked',
] as const;

/** The whole numbers in app_hidden.task_service_number_parts, in the order in which they are read. */
export const serviceColumns = [
  'sent',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
  'unsubscribed',
  'failed',
  'uncertain',
  'answers',
] as const;

const statisticsPlaces = placesOf(statisticsColumns);
const servicePlaces = placesOf(serviceColumns);

/** That a Task is told of. */
export const mostServices = 1000;

export interface ServiceRow {
  readonly serviceId: string;
}

/** @param parts each in the order of statisticsColumns; null: the Task has no mail yet */
export function statisticsOf(parts: unknown) {
  const [first = [], ...others] = listOf(parts).map(listOf);
  const numbers = others.reduce(added, first);
  const number = (column: (typeof statisticsColumns)[number]) => numberAt(numbers, statisticsPlaces[column]);
  const states = {
    pending: number('pending'),
    allocated: number('allocated'),
    sending: number('sending'),
    sent: number('sent'),
    delivered: number('delivered'),
    opened: number('opened'),
    clicked: number('clicked'),
    bounced: number('bounced'),
    failed: number('failed'),
    cancelled: number('cancelled'),
    uncertain: number('uncertain'),
  };
  const funnel = {
    sent: number('ever_sent'),
    delivered: number('ever_delivered'),
    opened: number('ever_opened'),
    humanOpened: number('ever_human_opened'),
    clicked: number('ever_clicked'),
    humanClicked: number('ever_human_clicked'),
    bounced: number('ever_bounced'),
    complained: number('ever_complained'),
    unsubscribed: number('ever_unsubscribed'),
  };
  const total = Object.values(states).reduce((sum, mails) => sum + mails, 0);
  const open = states.pending + states.allocated + states.sending;
  return { total, open, states, funnel, rates: ratesOf(funnel) };
}

type Funnel = Readonly<
  Record<
    | 'sent'
    | 'delivered'
    | 'opened'
    | 'humanOpened'
    | 'clicked'
    | 'humanClicked'
    | 'bounced'
    | 'complained'
    | 'unsubscribed',
    number
  >
>;

function ratesOf(funnel: Funnel) {
  const ofDelivered = (mails: number) => share(mails, funnel.delivered);
  return {
    delivery: share(funnel.delivered, funnel.sent),
    bounce: share(funnel.bounced, funnel.sent),
    open: ofDelivered(funnel.opened),
    humanOpen: ofDelivered(funnel.humanOpened),
    machineOpen: ofDelivered(funnel.opened - funnel.humanOpened),
    click: ofDelivered(funnel.clicked),
    humanClick: ofDelivered(funnel.humanClicked),
    machineClick: ofDelivered(funnel.clicked - funnel.humanClicked),
    complaint: ofDelivered(funnel.complained),
    unsubscribe: ofDelivered(funnel.unsubscribed),
  };
}

/** Not every opened mail was reported as delivered, so what is left may be more than the whole: then it is all. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(part / whole, 1);
}

interface ServiceLine {
  readonly serviceId: string;
  readonly name: unknown;
  readonly numbers: readonly unknown[];
  readonly answerMs: number;
}

/** @param parts lists of the same length: ids, names, numbers in the order of serviceColumns, milliseconds of answers; nulls: no service has begun */
export function servicesOf(parts: unknown) {
  const [ids = [], names = [], numbers = [], answerMs = []] = listOf(parts).map(listOf);
  const lines = new Map<string, ServiceLine>();
  for (const [place, id] of ids.entries()) {
    const serviceId = String(id);
    const known = lines.get(serviceId);
    const line = {
      serviceId,
      name: names[place],
      numbers: listOf(numbers[place]),
      answerMs: numberAt(answerMs, place),
    };
    lines.set(serviceId, known === undefined ? line : together(known, line));
  }
  return Array.from(lines.values(), serviceOf).sort(busiestFirst).slice(0, mostServices);
}

function together(known: ServiceLine, line: ServiceLine): ServiceLine {
  return { ...known, numbers: added(known.numbers, line.numbers), answerMs: known.answerMs + line.answerMs };
}

function serviceOf({ serviceId, name, numbers, answerMs }: ServiceLine) {
  const number = (column: (typeof serviceColumns)[number]) => numberAt(numbers, servicePlaces[column]);
  const answers = number('answers');
  return {
    serviceId,
    name,
    sent: number('sent'),
    delivered: number('delivered'),
    opened: number('opened'),
    clicked: number('clicked'),
    bounced: number('bounced'),
    complained: number('complained'),
    unsubscribed: number('unsubscribed'),
    failed: number('failed'),
    uncertain: number('uncertain'),
    meanAnswerMs: answers === 0 ? null : answerMs / answers,
  };
}

interface Sent extends ServiceRow {
  readonly sent: number;
}

function busiestFirst(a: Sent, b: Sent): number {
  return b.sent - a.sent || (a.serviceId < b.serviceId ? -1 : 1);
}

function added(a: readonly unknown[], b: readonly unknown[]): number[] {
  return a.map((_, place) => numberAt(a, place) + numberAt(b, place));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Read twenty times a list, so no schema is parsed: the statement names its columns. */
function numberAt(numbers: readonly unknown[], place: number | undefined): number {
  const value = place === undefined ? undefined : numbers[place];
  return typeof value === 'number' ? value : 0;
}

function placesOf(columns: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(columns.map((column, place) => [column, place]));
}
