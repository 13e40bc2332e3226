// An event of a mail that whoever was told has acknowledged, as the simulator remembers it.
import { z } from 'zod';

export const acknowledgedSchema = z.object({
  subTaskId: z.string().nullable(),
  /** In EngageLab's words. */
  kind: z.string(),
  /** Milliseconds since 1970, as in the webhook. */
  occurredAt: z.number().int(),
  /** How often it was posted until it was acknowledged. */
  attempts: z.number().int(),
});
export type Acknowledged = z.infer<typeof acknowledgedSchema>;
