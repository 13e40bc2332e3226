// What the simulator can be told, at its start and while it runs.
import { z } from 'zod';

const share = z.number().min(0).max(1);
const milliseconds = z.number().min(0);
/** Shortest and longest, in milliseconds. */
const range = z.tuple([milliseconds, milliseconds]).refine(([min, max]) => min <= max, 'expected [min, max]');

/**
 * What can go wrong with a request. Before the mail is taken: too_many (429), unavailable (503, Retry-After), server_error (500),
 * unauthorized (401), no_balance (400, 30877), refused (400, the address is at fault), hang (never answered), reset (connection reset after reading).
 * After it was taken: accept_hang, accept_reset, accept_error (502), accept_garbage (200 that is not JSON).
 */
export const FAULTS = [
  'too_many',
  'unavailable',
  'server_error',
  'unauthorized',
  'no_balance',
  'refused',
  'hang',
  'reset',
  'accept_hang',
  'accept_reset',
  'accept_error',
  'accept_garbage',
] as const;

export const faultKind = z.enum(FAULTS);
export type FaultKind = z.infer<typeof faultKind>;

export const faults = z.strictObject({
  /** Which share of all requests meets which fault; together at most 1. */
  shares: z.partialRecord(faultKind, share).default({}),
  /** Every request of an account, by its api user. */
  accounts: z.record(z.string(), faultKind).default({}),
  /** The next `count` requests, of one account or of any, to one recipient or to any; used up in order, before the others are looked at. */
  next: z
    .array(
      z.strictObject({
        kind: faultKind,
        count: z.number().int().min(1),
        apiUser: z.string().optional(),
        recipient: z.string().optional(),
      }),
    )
    .default([]),
  /** Seconds in Retry-After of too_many and unavailable; null: no such header. */
  retryAfterSeconds: z.number().int().min(0).nullable().default(1),
});
export type Faults = z.infer<typeof faults>;

const outcomes = z.strictObject({
  softBounce: share.default(0),
  hardBounce: share.default(0),
  /** Taken, and nothing is ever heard of it. What none of the three takes is delivered. */
  noEvent: share.default(0),
});

const recipients = z.strictObject({
  /** Shares of the mails delivered. */
  opens: share.default(0),
  unsubscribes: share.default(0),
  complaints: share.default(0),
  /** Share of the mails opened. */
  clicks: share.default(0),
  /** Share of the opens that a privacy proxy does. */
  machineOpens: share.default(0),
  /** `webhook`: the provider tells of opens and clicks. `fetch`: pixel and links in the html are fetched, on loopback hosts only. */
  engagement: z.enum(['webhook', 'fetch']).default('webhook'),
});

const webhooks = z.strictObject({
  /** Where to post; null: nowhere. */
  url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** An address of its own for an api user. */
  urlByApiUser: z.record(z.string(), z.url({ protocol: /^https?$/ })).default({}),
  /** The APP KEY that signs. */
  appKey: z.string().default('simulator'),
  /** Between one event of a mail and its next. */
  delayMs: range.default([0, 0]),
  concurrency: z.number().int().min(1).default(16),
  /** EngageLab waits 3 s for an answer and tries up to 7 times more; how long it waits between is not known. */
  timeoutMs: milliseconds.default(3_000),
  retries: z.number().int().min(0).default(7),
  /** Before the first repeat; doubled with each. */
  retryDelayMs: milliseconds.default(1_000),
  /** Shares of events posted twice, and never. */
  duplicates: share.default(0),
  lost: share.default(0),
  /** Events of a mail in any order. */
  shuffle: z.boolean().default(false),
  /** Whether each event that was acknowledged is remembered, for GET /_simulator/webhooks. */
  keepRecord: z.boolean().default(false),
});

/** What can be changed while it runs. */
export const settings = z.strictObject({
  /** API key by api user. */
  accounts: z.record(z.string().min(1), z.string()).default({ simulator: 'simulator' }),
  answerDelayMs: range.default([0, 0]),
  outcomes: outcomes.prefault({}),
  recipients: recipients.prefault({}),
  webhooks: webhooks.prefault({}),
  faults: faults.prefault({}),
  /** As GET /v1/account/quota answers. */
  accountQuota: z.number().int().default(1_000_000),
  dailyQuota: z.number().int().default(2_000_000),
  /** Calls of GET /v1/email_status an account may make in a minute. */
  statusCallsPerMinute: z.number().int().min(0).default(60),
  /** How long an answer of GET /v1/email_status is repeated to the same question; EngageLab's is 10 minutes. */
  statusCacheMs: milliseconds.default(0),
});
export type Settings = z.infer<typeof settings>;
export type SettingsInput = z.input<typeof settings>;

export const simulatorOptions = settings.extend({
  host: z.string().default('127.0.0.1'),
  /** 0: any free one. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** The same seed, the same recipients: the same outcomes and faults, in whatever order the requests come. */
  seed: z.number().int().default(1),
  /** Each request is appended here as a line of JSON once it is over. */
  recordFile: z.string().min(1).nullable().default(null),
  /** Keep whole request bodies in memory, for tests. */
  keepBodies: z.boolean().default(false),
  requestIdMemoryMs: milliseconds.default(3_600_000),
});
export type SimulatorOptions = z.infer<typeof simulatorOptions>;
export type SimulatorOptionsInput = z.input<typeof simulatorOptions>;
