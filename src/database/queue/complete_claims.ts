import type { Queryable } from '../pool.ts';
import type { SendResult } from './complete_sends.ts';

/** What handing one SubTask over came to, and under which claim. */
export interface ClaimResult extends SendResult {
  claimToken: string;
}

const text = `select app_private.complete_claims($1, $2, array(
  select row(id, kind, message_id, code, message, response, round_trip_ms, retry_after_ms)::app_private.send_result
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::real[], $10::float8[])
      with ordinality as r (id, kind, message_id, code, message, response, round_trip_ms, retry_after_ms, place)
   order by place
)) as refused`;

/** Records what hand-overs of any claims of a service came to. @returns the ids that were refused, since their token is no longer current. */
export async function completeClaims(db: Queryable, serviceId: string, results: ClaimResult[]): Promise<string[]> {
  const column = <K extends keyof ClaimResult>(key: K) => results.map((result) => result[key]);
  const { rows } = await db.query<{ refused: string[] }>({
    name: 'complete_claims',
    text,
    values: [
      serviceId,
      column('claimToken'),
      column('id'),
      column('kind'),
      column('messageId'),
      column('code'),
      column('message'),
      column('response'),
      column('roundTripMs'),
      column('retryAfterMs'),
    ],
  });
  return rows[0]?.refused ?? [];
}
