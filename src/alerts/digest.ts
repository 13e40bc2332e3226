import { z } from 'zod';

export const severities = ['info', 'warning', 'critical'] as const;

/** What is told of one alert. */
export const notice = z.object({
  id: z.string(),
  /** Why it is told: acted, when something was done about it since; again, when nobody has acknowledged it. */
  what: z.enum(['opened', 'worse', 'acted', 'again', 'resolved']),
  kind: z.string(),
  subject: z.string(),
  severity: z.enum(severities),
  message: z.string(),
  remedy: z.string().nullable(),
  /** What was done about it by itself, and how to undo that. */
  action: z.string().nullable(),
  openedAt: z.string(),
  times: z.number(),
});

/** What one message tells, as tell_channel writes it. */
export const digest = z.object({
  notices: z.array(notice),
  /** How many changes more there were than stand in `notices`, by kind. */
  more: z.record(z.string(), z.number()),
  /** How many alerts were open then. */
  open: z.number(),
  isTest: z.boolean().default(false),
});

export type Notice = z.infer<typeof notice>;
export type Digest = z.infer<typeof digest>;
