import type { Queryable } from '../pool.ts';

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

const text = `select app_private.complete_sends($1, $2, array(
  select row(id, kind, message_id, code, message, response, round_trip_ms, retry_after_ms)::app_private.send_result
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::real[], $10::float8[])
      as r (id, kind, message_id, code, message, response, round_trip_ms, retry_after_ms)
)) as refused`;

/** Records what hand-overs came to. @returns the ids that were refused, since their token is no longer current. */
export async function completeSends(
  db: Queryable,
  serviceId: string,
  claimToken: string,
  results: SendResult[],
): Promise<string[]> {
  const column = <K extends keyof SendResult>(key: K) => results.map((result) => result[key]);
  const { rows } = await db.query<{ refused: string[] }>({
    name: 'complete_sends',
    text,
    values: [
      serviceId,
      claimToken,
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
