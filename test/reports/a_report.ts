// Reports for tests of what is said about numbers: everything is usual but what a test says.
import type { Capacity, CapacityOfService, Numbers, Report, Warning } from '../../src/database/reports/report.ts';

export const usual: Numbers = {
  sent: 10_000,
  delivered: 9_900,
  bounced: 100,
  softBounced: 20,
  hardBounced: 80,
  complained: 2,
  failed: 50,
  uncertain: 0,
  humanOpened: 2_000,
  humanClicked: 300,
  unsubscribed: 5,
  answerMs: 120,
};

const serviceId = '00000000-0000-4000-8000-000000000001';

export const aCapacity: Capacity = {
  at: '2026-03-10T06:00:00Z',
  services: [],
  waiting: 0,
  tasks: 0,
  finishesAt: null,
  blocked: [],
  booked: [],
  ways: [],
};

export const aServiceCapacity: CapacityOfService = {
  id: serviceId,
  name: 'north',
  byPace: 8_640,
  cap: null,
  perDay: 8_640,
  used: 0,
  binds: 'interval',
  intervalMs: 10_000,
  ratePerSecond: null,
  maxInFlight: 1,
  answerMs: 120,
  warmUpDays: 0,
  quota: null,
  frozenUntil: null,
  freezeReason: null,
};

export const aWarning: Warning = {
  serviceId,
  service: 'north',
  what: 'refusals',
  usual: 0.005,
  bound: 0.02,
  hours: 20,
  hoursOut: 5,
  worstHour: '2026-03-09T13:00:00Z',
  worst: 0.1,
  worstMails: 400,
  lastIsOut: true,
};

/** A week of March in Berlin, with one service, Task and domain that have it all. */
export function aReport(differently: Partial<Report> = {}): Report {
  const now = differently.now === undefined ? usual : differently.now;
  const before = differently.before === undefined ? usual : differently.before;
  const most = now === null ? [] : [{ id: serviceId, name: 'north', now, before }];
  return {
    from: '2026-03-03',
    to: '2026-03-09',
    timezone: 'Europe/Berlin',
    days: 7,
    since: '2026-03-02T23:00:00Z',
    until: '2026-03-09T23:00:00Z',
    isWhole: true,
    writtenAt: '2026-03-10T06:00:00Z',
    step: 'day',
    now,
    before,
    points: ['03', '04', '05', '06', '07', '08', '09'].map((day, index) => ({
      at: `2026-03-${day}T00:00`,
      sent: index === 5 ? 0 : 1_500 + index,
      delivered: 0,
      bounced: index === 5 ? 0 : 15,
      failed: index === 5 ? 0 : 8,
      complained: 0,
      uncertain: 0,
    })),
    services: { most, more: 0 },
    tasks: {
      most: most.map((part) => ({ ...part, name: 'Spring <news> & more | 二〇二六年春季新品上市通知邮件' })),
      more: 3,
    },
    domains:
      now === null
        ? []
        : [{ name: 'mail.example', now: domainPart(now), before: before === null ? null : domainPart(before) }],
    warnings: [],
    capacity: { ...aCapacity, services: [aServiceCapacity] },
    ...differently,
  };
}

function domainPart({ humanOpened: _o, humanClicked: _c, unsubscribed: _u, answerMs: _a, ...rest }: Numbers) {
  return rest;
}
