import type { Top, TopService, TopTask } from '../../src/database/reports/read_top.ts';

const id = '00000000-0000-4000-8000-000000000001';

export const aTopService: TopService = {
  id,
  name: 'north',
  activity: 'sending',
  reason: null,
  nextInMs: 1_400,
  inFlight: 1,
  intervalMs: 2_000,
  ratePerSecond: null,
  maxInFlight: 1,
  usedToday: 1_234,
  quota: 30_000,
  accepted: 0.996,
  answerMs: 120,
  lastAgoMs: 700,
  lastOutcome: 'sent',
};

export const aTopTask: TopTask = {
  id,
  name: 'Spring news',
  status: 'sending',
  total: 10_000,
  left: 2_500,
  failed: 3,
  uncertain: 1,
  cancelled: 0,
  bounced: 0,
  perMinute: 840,
  doneInMs: 178_000,
  limiting: 'pace',
};

export function aTop(differently: Partial<Top> = {}): Top {
  return {
    at: '2026-03-10T06:00:07.123Z',
    workers: 2,
    services: [
      {
        ...aTopService,
        name: 'east',
        activity: 'frozen',
        reason: '535 authentication failed',
        nextInMs: 1_200_000,
        accepted: 0.8,
      },
      aTopService,
      {
        ...aTopService,
        name: 'south',
        intervalMs: 0,
        inFlight: 15,
        maxInFlight: 20,
        quota: null,
        usedToday: 123_456,
        nextInMs: null,
      },
      {
        ...aTopService,
        name: 'west',
        activity: 'no work',
        nextInMs: null,
        usedToday: 0,
        lastOutcome: null,
        lastAgoMs: null,
      },
    ],
    serviceCount: 4,
    tasks: [
      aTopTask,
      {
        ...aTopTask,
        name: '二〇二六年春季新品上市通知邮件',
        status: 'paused',
        left: 10_000,
        perMinute: null,
        doneInMs: null,
        limiting: null,
      },
    ],
    taskCount: 1,
    inbox: { waiting: 12, oldestMs: 400 },
    alertCount: 1,
    alerts: [
      { severity: 'critical', message: 'east can not be used', times: 1, sinceMs: 720_000, isAcknowledged: false },
    ],
    ...differently,
  };
}
