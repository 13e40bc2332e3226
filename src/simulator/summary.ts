// A run in figures, as GET /_simulator/summary gives them.
import { z } from 'zod';
import { type Analysis, analyse } from './analysis.ts';
import { OUTCOMES } from './entry.ts';
import type { World } from './world.ts';

/** So many duplicates are listed; `duplicates` counts all. */
const LISTED = 100;

const count = z.number().int();

export const summarySchema = z.object({
  requests: count,
  outcomes: z.record(z.enum(OUTCOMES), count),
  /** By api user; times in milliseconds on the simulator's monotonic clock. */
  accounts: z.record(
    z.string(),
    z.object({
      requests: count,
      sent: count,
      firstAt: z.number(),
      lastAt: z.number(),
      minGapMs: z.number().nullable(),
      violations: count,
    }),
  ),
  duplicates: count,
  duplicatesAtProvider: z.array(
    z.object({
      seq: count,
      firstSeq: count,
      account: z.string().nullable(),
      subTaskId: z.string().nullable(),
      recipient: z.string().nullable(),
      campaign: z.string().nullable(),
      by: z.enum(['sub_task', 'recipient']),
    }),
  ),
  webhooks: z.object({
    pending: count,
    posted: count,
    retried: count,
    failed: count,
    lost: count,
    fetched: count,
    fetchesFailed: count,
  }),
});
export type Summary = z.infer<typeof summarySchema>;

export function summaryOf(world: World, intervalMsByAccount: Readonly<Record<string, number>>): Summary {
  const outcomes = { pending: 0, accepted: 0, repeat: 0, refused: 0, unanswered: 0, aborted: 0 };
  for (const entry of world.record.entries()) outcomes[entry.outcome]++;
  const analysis: Analysis = analyse(world.record.entries(), intervalMsByAccount);
  return {
    requests: world.record.length,
    outcomes,
    accounts: analysis.accounts,
    duplicates: analysis.duplicatesAtProvider.length,
    duplicatesAtProvider: analysis.duplicatesAtProvider.slice(0, LISTED),
    webhooks: world.webhooks.counts,
  };
}
