import type { Queryable } from '../pool.ts';
import { completeClaims } from './complete_claims.ts';

/** What handing one SubTask over came to, as the database takes it. `not_sent`: the worker did not write to the provider. */
export interface SendResult {
  id: string;
  kind: 'accepted' | 'refused' | 'deferred' | 'unusable' | 'unknown' | 'not_sent';
  messageId: string | null;
  code: string | null;
  message: string | null;
  response: string | null;
  roundTripMs: number | null;
  retryAfterMs: number | null;
}

/** Records what hand-overs of one claim came to. @returns the ids that were refused, since their token is no longer current. */
export function completeSends(
  db: Queryable,
  serviceId: string,
  claimToken: string,
  results: SendResult[],
): Promise<string[]> {
  return completeClaims(
    db,
    serviceId,
    results.map((result) => ({ ...result, claimToken })),
  );
}
