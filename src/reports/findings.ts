// What the numbers say, in sentences: only where they bear it. Little mail proves little, so small numbers are told and not judged.
import type { Report, Warning } from '../database/reports/report.ts';
import { perDay, wayWords } from './capacity_words.ts';
import { bounceRate, decided, differs, lost, share, successRate } from './rates.ts';
import { change, counted, listed, moment, number, percent, points, span } from './words.ts';

export interface Finding {
  readonly tone: 'bad' | 'good' | 'plain';
  readonly text: string;
}

/** As in the checks of `postilion health`, and as mailbox providers ask of senders. */
const wantedSuccess = 0.95;
const bouncesTooMany = 0.05;
const complaintsNotable = 0.001;
const complaintsTooMany = 0.003;
/** Fewer mails than this are not compared. */
const enough = 100;
const notablePoints = 0.005;

type Judge = (report: Report) => Finding | null | readonly Finding[];

const judges: readonly Judge[] = [
  volume,
  success,
  bounces,
  complaints,
  doubt,
  trends,
  backlog,
  ways,
  blocked,
  coverage,
];

/** The gravest is not first: the order is that of a story, what was sent, how it went, what comes. */
export function findingsOf(report: Report): Finding[] {
  return judges.flatMap((judge) => judge(report) ?? []);
}

function periodWords({ days }: Report): string {
  return days === 1 ? 'the day before' : `the ${days} days before`;
}

function volume(report: Report): Finding {
  const { now, before } = report;
  if (now === null || decided(now) === 0) {
    const was =
      before !== null && before.sent > 0 ? ` In ${periodWords(report)}: ${counted(before.sent, 'mail')}.` : '';
    return { tone: 'plain', text: `Nothing was sent.${was}` };
  }
  const sent = `${counted(now.sent, 'mail')} ${now.sent === 1 ? 'was' : 'were'} sent`;
  if (before === null || before.sent < enough) return { tone: 'plain', text: `${sent}.` };
  const relative = now.sent / before.sent - 1;
  const compared =
    Math.abs(relative) < 0.05
      ? `about as many as ${report.days === 1 ? 'on' : 'in'} ${periodWords(report)}`
      : `${change(now.sent, before.sent)} against ${periodWords(report)} (${number(before.sent)})`;
  return { tone: 'plain', text: `${sent}, ${compared}.` };
}

function success(report: Report): Finding | null {
  const { now } = report;
  const rate = now === null ? null : successRate(now);
  if (now === null || rate === null) return null;
  const judged = decided(now) >= enough;
  const why = judged && rate < wantedSuccess ? ' Under 95 % mailbox providers begin to distrust a sender.' : '';
  const text = `${percent(rate)} were taken and did not bounce${trendWords(report)}.${blame(report)}${why}`;
  return { tone: judged ? toneOf(report, rate) : 'plain', text };
}

function hasChanged({ now, before }: Report): boolean {
  if (now === null || before === null || decided(now) < enough || decided(before) < enough) return false;
  const difference = (successRate(now) ?? 0) - (successRate(before) ?? 0);
  return Math.abs(difference) >= notablePoints && differs(lost(now), decided(now), lost(before), decided(before));
}

function trendWords(report: Report): string {
  const { now, before } = report;
  if (now === null || before === null || decided(before) < enough) return '';
  const was = successRate(before);
  const is = successRate(now);
  if (was === null || is === null) return '';
  return hasChanged(report)
    ? `, ${points(is - was)} points against ${percent(was)} before`
    : `, as before (${percent(was)})`;
}

function toneOf(report: Report, rate: number): Finding['tone'] {
  const was = report.before === null ? null : successRate(report.before);
  if (rate < wantedSuccess || (hasChanged(report) && was !== null && rate < was)) return 'bad';
  return hasChanged(report) ? 'good' : 'plain';
}

interface Changed {
  readonly name: string;
  /** Mails lost beyond what would have been at the rate before. */
  readonly excess: number;
  readonly difference: number;
}

/** Where the loss comes from: the service, and the domain, that lost most beyond what it used to. */
function blame(report: Report): string {
  if (!hasChanged(report) || (successRate(report.now ?? none) ?? 0) >= (successRate(report.before ?? none) ?? 0))
    return '';
  const service = worst(report.services.most);
  const domain = worst(report.domains.filter(({ name }) => name !== ''));
  const named = [service, domain].flatMap((part) =>
    part === null ? [] : [`${part.name} (${points(part.difference)} points)`],
  );
  if (named.length === 0) return '';
  const [first = '', second] = named;
  if (second === undefined) return ` Most of it is ${service === null ? `at ${first}` : `by ${first}`}.`;
  return ` Most of it is by ${first}, and at ${second}.`;
}

const none = { sent: 0, failed: 0, bounced: 0 };

function worst(parts: readonly { name: string; now: typeof none; before: typeof none | null }[]): Changed | null {
  const changed = parts.flatMap(({ name, now, before }): Changed[] => {
    if (before === null || !differs(lost(now), decided(now), lost(before), decided(before))) return [];
    const was = lost(before) / decided(before);
    const difference = was - lost(now) / decided(now);
    return [{ name, excess: lost(now) - was * decided(now), difference }];
  });
  const most = changed.toSorted((a, b) => b.excess - a.excess)[0];
  return most !== undefined && most.excess > 0 ? most : null;
}

function bounces({ now }: Report): Finding | null {
  if (now === null || now.sent < enough) return null;
  const hard = share(now.hardBounced, now.sent) ?? 0;
  if (hard < bouncesTooMany) return null;
  return {
    tone: 'bad',
    text: `${percent(hard)} bounced for good (${percent(bounceRate(now))} stand as bounced). Over 5 % providers close accounts: the addresses are old or were never asked for. Clean the list before the next Task.`,
  };
}

function complaints({ now }: Report): Finding | null {
  if (now === null || now.sent < enough) return null;
  const rate = share(now.complained, now.sent) ?? 0;
  if (rate < complaintsNotable || now.complained < 3) return null;
  const grave = rate >= complaintsTooMany;
  return {
    tone: 'bad',
    text: `${percent(rate)} called it spam (${counted(now.complained, 'mail')}). Gmail wants less than 0.1 % and ${grave ? 'refuses senders over 0.3 %: pause what goes to these readers' : 'refuses senders over 0.3 %'}.`,
  };
}

function doubt({ now }: Report): Finding | null {
  if (now === null || now.uncertain === 0) return null;
  return {
    tone: 'plain',
    text: `${counted(now.uncertain, 'hand-over')} ended in doubt. They are looked up by themselves for 72 hours and never sent again blindly.`,
  };
}

function trends(report: Report): Finding[] {
  return report.warnings.map((warning) => ({ tone: 'bad', text: warningWords(warning, report.timezone) }));
}

function warningWords(warning: Warning, timezone: string): string {
  const { service, hours, hoursOut, usual, bound, worst: value, worstMails, worstHour, lastIsOut } = warning;
  const shown = warning.what === 'refusals' ? percent : span;
  const subject =
    warning.what === 'refusals' ? 'refuses more than it usually does' : 'answers slower than it usually does';
  const still = lastIsOut ? 'and still does' : 'but no more in the last hour';
  const todo =
    warning.what === 'refusals'
      ? 'Look at what it answers (postilion diagnose) before the next Task.'
      : 'It sends less in a day; a provider that slows down often refuses next.';
  return `${service} ${subject}: in ${hoursOut} of ${counted(hours, 'hour')} it was over ${shown(bound)} (usual: ${shown(usual)}), ${still}. Worst: ${shown(value)} of ${counted(worstMails, 'mail')} in the hour from ${moment(worstHour, timezone)}. ${todo}`;
}

function backlog({ capacity, timezone }: Report): Finding | null {
  if (capacity.waiting === 0) return null;
  const head = `${counted(capacity.waiting, 'mail')} of ${counted(capacity.tasks, 'Task')} ${capacity.waiting === 1 ? 'waits' : 'wait'}`;
  if (capacity.finishesAt === null)
    return { tone: 'bad', text: `${head}, and would for over 400 days: add a service, or raise a quota.` };
  const ms = Date.parse(capacity.finishesAt) - Date.parse(capacity.at);
  return {
    tone: 'plain',
    text: `${head}; the last goes in ${span(ms)} (${moment(capacity.finishesAt, timezone)}), at up to ${counted(perDay(capacity), 'mail')} a day.`,
  };
}

function ways({ capacity }: Report): Finding | null {
  const text = capacity.waiting > 0 ? wayWords(capacity) : null;
  return text === null ? null : { tone: 'plain', text };
}

function blocked({ capacity }: Report): Finding | null {
  if (capacity.blocked.length === 0) return null;
  return { tone: 'bad', text: `No service may send ${listed(capacity.blocked)}: postilion diagnose says why.` };
}

function coverage({ isWhole, until, since, timezone }: Report): Finding | null {
  if (isWhole) return null;
  if (until === since) return { tone: 'plain', text: 'No hour of this period is closed yet: ask again in an hour.' };
  return {
    tone: 'plain',
    text: `It goes to ${moment(until, timezone)}, where the closed hours end, and is compared with as much of the time before.`,
  };
}
