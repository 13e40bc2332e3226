// One request for POST /v1/mail/send, as the simulator remembers it.
import { z } from 'zod';
import { attachmentSchema } from './attachments.ts';
import { faultKind } from './options.ts';

/**
 * accepted: a new mail. repeat: its request_id was accepted before, nothing new was sent. refused: answered with an error.
 * unanswered: left without an answer, no mail taken. aborted: the request never arrived whole. pending: still being read.
 */
export const OUTCOMES = ['pending', 'accepted', 'repeat', 'refused', 'unanswered', 'aborted'] as const;
export const FATES = ['none', 'delivered', 'soft_bounce', 'hard_bounce', 'no_event'] as const;
export type Fate = (typeof FATES)[number];

export const entrySchema = z.object({
  /** Counts requests in the order of their arrival, from 0. */
  seq: z.number().int(),
  /** When the request's headers had arrived: milliseconds on the simulator's monotonic clock, with fractions. */
  arrivedAt: z.number(),
  /** The same moment on the wall clock, milliseconds since 1970. */
  wallAt: z.number(),
  /** When its answer was given to the socket, on the monotonic clock; null: not yet, or there was none. */
  answeredAt: z.number().nullable(),
  /** The api user, also when its key was wrong; null when none was named. */
  account: z.string().nullable(),
  subTaskId: z.string().nullable(),
  requestId: z.string().nullable(),
  recipient: z.string().nullable(),
  fromDomain: z.string().nullable(),
  /** custom_args.task_id or campaign_id. */
  campaign: z.string().nullable(),
  /** Addresses, with ", " between them. */
  replyTo: z.string().nullable(),
  attachments: z.array(attachmentSchema),
  outcome: z.enum(OUTCOMES),
  /** HTTP status answered; null when there was no answer. */
  status: z.number().int().nullable(),
  /** The fault that was played, if any. */
  fault: faultKind.nullable(),
  /** What becomes of an accepted mail. */
  fate: z.enum(FATES),
});
export type Entry = z.infer<typeof entrySchema>;

/** What is known of a request once its body is read. */
export type EntryDetails = Pick<
  Entry,
  'account' | 'subTaskId' | 'requestId' | 'recipient' | 'fromDomain' | 'campaign' | 'replyTo' | 'attachments'
>;
export type EntryResult = Pick<Entry, 'outcome' | 'status' | 'fault' | 'fate'>;
