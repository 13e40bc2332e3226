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

const statisticsPlaces = placesOf(statisticsColumns);

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

function added(a: readonly unknown[], b: readonly unknown[]): number[] {
  return a.map((_, place) => numberAt(a, place) + numberAt(b, place));
}

/** None where there is none: aggregates of no rows are null. */
export function listOf(value: unknown): readonly unknown[] {
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
