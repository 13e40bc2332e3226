// What ops.read_report answers. Counts are of mails.
import { z } from 'zod';

const count = z.number();
const time = z.iso.datetime({ offset: true });
const day = z.iso.date();

const outcome = {
  sent: count,
  delivered: count,
  /** Those that came to stand as bounced, less those delivered after a soft bounce: below zero where more of these came than of those. */
  bounced: count,
  complained: count,
  failed: count,
  uncertain: count,
};
const bounces = { softBounced: count, hardBounced: count };

export const domainNumbers = z.strictObject({ ...outcome, ...bounces });
export const numbers = z.strictObject({
  ...outcome,
  ...bounces,
  humanOpened: count,
  humanClicked: count,
  unsubscribed: count,
  /** Mean time to accept a mail, in milliseconds; null: unknown. */
  answerMs: z.number().nullable(),
});

const part = z.strictObject({ id: z.uuid(), name: z.string(), now: numbers, before: numbers.nullable() });
const parts = z.strictObject({ most: z.array(part), more: count });

export const capacityOfService = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** Mails a day that its pace allows; `cap`: that quota and warm-up allow today, null: any; `perDay`: the smaller. */
  byPace: count,
  cap: count.nullable(),
  perDay: count,
  used: count,
  binds: z.enum(['off', 'warm-up', 'quota', 'interval', 'rate', 'answers']),
  intervalMs: z.number(),
  ratePerSecond: z.number().nullable(),
  maxInFlight: count,
  answerMs: z.number().nullable(),
  /** Days of its warm-up still to come. */
  warmUpDays: count,
  quota: count.nullable(),
  frozenUntil: time.nullable(),
  freezeReason: z.string().nullable(),
});

export const capacity = z.strictObject({
  at: time,
  services: z.array(capacityOfService),
  /** Mails not handed over yet, and Tasks they belong to. */
  waiting: count,
  tasks: count,
  /** null: nothing waits, or it is beyond 400 days. */
  finishesAt: time.nullable(),
  /** Tasks that no service may send. */
  blocked: z.array(z.string()),
  booked: z.array(z.strictObject({ name: z.string(), at: time, mails: count })),
  ways: z.array(
    z.strictObject({ kind: z.enum(['quota', 'pace', 'service']), service: z.string(), savesMs: z.number() }),
  ),
});

export const warning = z.strictObject({
  serviceId: z.uuid(),
  service: z.string(),
  what: z.enum(['refusals', 'latency']),
  /** Shares from 0 to 1, or milliseconds. */
  usual: z.number(),
  bound: z.number(),
  hours: count,
  hoursOut: count,
  worstHour: time,
  worst: z.number(),
  worstMails: count,
  lastIsOut: z.boolean(),
});

export const report = z.strictObject({
  /** Whole days in `timezone`; `until` is where the closed hours end, if that is earlier. */
  from: day,
  to: day,
  timezone: z.string(),
  days: count,
  since: time,
  until: time,
  isWhole: z.boolean(),
  writtenAt: time,
  step: z.enum(['hour', 'day']),
  /** null: nothing was recorded. */
  now: numbers.nullable(),
  before: numbers.nullable(),
  points: z.array(z.strictObject({ at: z.string(), ...outcome })),
  services: parts,
  tasks: parts,
  /** No name: all other domains. */
  domains: z.array(z.strictObject({ name: z.string(), now: domainNumbers, before: domainNumbers.nullable() })),
  warnings: z.array(warning),
  capacity,
});

export type Report = z.infer<typeof report>;
export type Numbers = z.infer<typeof numbers>;
export type DomainNumbers = z.infer<typeof domainNumbers>;
export type Capacity = z.infer<typeof capacity>;
export type CapacityOfService = z.infer<typeof capacityOfService>;
export type Warning = z.infer<typeof warning>;
