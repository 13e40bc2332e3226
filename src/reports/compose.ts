// From numbers to what is shown: one section a question.
import type { Capacity, DomainNumbers, Numbers, Report } from '../database/reports/report.ts';
import { bindingWords, perDay } from './capacity_words.ts';
import type { Chart, Document, Section, Table } from './document.ts';
import { findingsOf } from './findings.ts';
import { bounceRate, decided, refusalRate, share, successRate } from './rates.ts';
import { change, clipped, counted, dayLabel, moment, number, percent, points, span } from './words.ts';

const nameLength = 24;
const reasonLength = 120;

export function composeReport(report: Report): Document {
  const { services, tasks, domains } = report;
  return {
    title: titleOf(report),
    subtitle: subtitleOf(report),
    findings: findingsOf(report),
    sections: [
      course(report),
      { heading: 'Services', charts: [], table: partTable('Service', services.most, services.more, answers) },
      { heading: 'Tasks', charts: [], table: partTable('Task', tasks.most, tasks.more, readers) },
      { heading: 'Recipient domains', charts: [], table: partTable('Domain', domains.map(named), 0, complaints) },
      capacitySection(report),
    ].filter(({ table }) => table === null || table.rows.length > 0),
  };
}

export function titleOf({ from, to, days }: Pick<Report, 'from' | 'to' | 'days'>): string {
  const year = to.slice(0, 4);
  if (days === 1) return `Postilion: ${dayLabel(from)} ${year}`;
  return `Postilion: ${dayLabel(from)}${from.startsWith(year) ? '' : ` ${from.slice(0, 4)}`} to ${dayLabel(to)} ${year}`;
}

function subtitleOf({ days, timezone, writtenAt }: Report): string {
  const whole = days === 1 ? 'One day' : `${days} days`;
  return `${whole} (${timezone}), beside as much of the time before. Written ${moment(writtenAt, timezone)}.`;
}

function course(report: Report): Section {
  const points = report.points.map((point) => ({ ...point, label: labelOf(point.at, report.step) }));
  const rows = points
    .filter((point) => report.step === 'day' || decided(point) > 0)
    .map((point) => [
      point.label,
      number(point.sent),
      percent(successRate(point)),
      percent(refusalRate(point)),
      percent(bounceRate(point)),
      number(point.complained),
    ]);
  const table: Table = {
    columns: columns(report.step === 'day' ? 'Day' : 'Hour', 'Sent', 'Success', 'Refused', 'Bounced', 'Complaints'),
    rows,
  };
  return {
    heading: report.step === 'day' ? 'Day by day' : 'Hour by hour',
    charts: courseCharts(report, points),
    table,
    isDetail: true,
  };
}

function labelOf(at: string, step: Report['step']): string {
  return step === 'day' ? dayLabel(at) : `${dayLabel(at).slice(0, 3)} ${at.slice(11, 16)}`;
}

type Point = Report['points'][number] & { readonly label: string };

function courseCharts({ step }: Report, points: readonly Point[]): Chart[] {
  const most = points.toSorted((a, b) => b.sent - a.sent)[0];
  if (most === undefined || most.sent === 0) return [];
  const labels = points.map(({ label }) => label);
  const refused = points.map(refusalRate);
  const bounced = points.map(bounceRate);
  const peak = Math.max(...[...refused, ...bounced].map((rate) => rate ?? 0));
  return [
    {
      kind: 'columns',
      title: `Mails sent, by ${step}`,
      says: `Most on ${most.label}: ${number(most.sent)}.`,
      points: points.map(({ label, sent }) => ({ label, value: sent })),
    },
    {
      kind: 'lines',
      title: 'Share refused and bounced',
      says: `Never over ${percent(peak)}.`,
      labels,
      lines: [
        { name: 'refused', values: refused },
        { name: 'bounced', values: bounced },
      ],
    },
  ];
}

function columns(first: string, ...others: string[]): Table['columns'] {
  return [{ title: first, align: 'left' }, ...others.map((title) => ({ title, align: 'right' }) as const)];
}

interface Part<N extends DomainNumbers> {
  readonly name: string;
  readonly now: N;
  readonly before: N | null;
}

interface LastColumn<N> {
  readonly title: string;
  show(now: N): string;
}

const answers: LastColumn<Numbers> = {
  title: 'Answer',
  show: ({ answerMs }) => (answerMs === null ? '–' : span(answerMs)),
};
const readers: LastColumn<Numbers> = {
  title: 'Opened',
  show: ({ humanOpened, sent }) => percent(share(humanOpened, sent)),
};
const complaints: LastColumn<DomainNumbers> = {
  title: 'Spam',
  show: ({ complained, sent }) => percent(share(complained, sent)),
};

function named(domain: Report['domains'][number]): Report['domains'][number] {
  return domain.name === '' ? { ...domain, name: 'all others' } : domain;
}

/** How each part did, and against the time before: mails in per cent, success in points. */
function partTable<N extends DomainNumbers>(
  title: string,
  parts: readonly Part<N>[],
  more: number,
  last: LastColumn<N>,
): Table {
  const rows = parts.map(({ name, now, before }) => [
    name,
    number(now.sent),
    (before === null ? null : change(now.sent, before.sent)) ?? 'new',
    percent(successRate(now)),
    pointsBetween(now, before),
    percent(bounceRate(now)),
    last.show(now),
  ]);
  const table = { columns: columns(title, 'Sent', 'Change', 'Success', 'Points', 'Bounced', last.title), rows };
  return more > 0 ? { ...table, note: `And ${number(more)} more with fewer mails.` } : table;
}

function pointsBetween(now: DomainNumbers, before: DomainNumbers | null): string {
  const is = successRate(now);
  const was = before === null ? null : successRate(before);
  return is === null || was === null ? '–' : points(is - was);
}

function capacitySection(report: Report): Section {
  const { capacity } = report;
  const sentPerDay = new Map(report.services.most.map(({ id, now }) => [id, now.sent / report.days]));
  const rows = capacity.services.map((service) => [
    service.name,
    service.binds === 'off' ? '0' : number(service.perDay),
    number(Math.round(sentPerDay.get(service.id) ?? 0)),
    service.freezeReason === null ? bindingWords(service) : `frozen: ${clipped(service.freezeReason, reasonLength)}`,
  ]);
  const table: Table = {
    columns: [...columns('Service', 'A day', 'Sent a day'), { title: 'What decides', align: 'left' }],
    rows,
    note: noteOf(capacity, report.timezone),
  };
  return { heading: 'Capacity', charts: capacityCharts(capacity, sentPerDay), table };
}

function noteOf(capacity: Capacity, timezone: string): string {
  const { waiting, booked } = capacity;
  const head = `Today ${counted(perDay(capacity), 'mail')} are possible. Waiting: ${number(waiting)}.`;
  const next = booked.map(({ name, at, mails }) => `${name}: ${number(mails)} from ${moment(at, timezone)}`);
  return next.length === 0 ? head : `${head} Booked: ${next.join('; ')}.`;
}

const barsAtMost = 12;

function capacityCharts({ services }: Capacity, sentPerDay: ReadonlyMap<string, number>): Chart[] {
  const bars = services
    .filter(({ binds }) => binds !== 'off')
    .map(({ id, name, perDay: room }) => ({
      name: clipped(name, nameLength),
      value: Math.round(sentPerDay.get(id) ?? 0),
      room,
    }))
    .toSorted((a, b) => b.room - a.room)
    .slice(0, barsAtMost);
  if (bars.length === 0) return [];
  return [
    {
      kind: 'bars',
      title: 'Mails a day: sent, and possible',
      says: bars.map(({ name, value, room }) => `${name}: ${number(value)} of ${number(room)}`).join('; '),
      names: { value: 'sent a day', room: 'possible' },
      bars,
    },
  ];
}
