import type { Queryable } from '../pool.ts';
import type { SendResult } from './complete_sends.ts';

/** What handing one SubTask over came to, and under which claim. */
export interface ClaimResult extends SendResult {
  claimToken: string;
}

/** The results as the database takes them, from nine parameters that begin with `$first`; their values are resultColumns(). */
export function resultArguments(first: number): string {
  const at = (offset: number) => `$${first + offset}`;
  return `${at(0)}, array(
  select row(id, kind, message_id, code, message, response, round_trip_ms, retry_after_ms)::app_private.send_result
    from unnest(${at(1)}::uuid[], ${at(2)}::text[], ${at(3)}::text[], ${at(4)}::text[], ${at(5)}::text[], ${at(6)}::text[], ${at(7)}::real[], ${at(8)}::float8[])
      with ordinality as r (id, kind, message_id, code, message, response, round_trip_ms, retry_after_ms, place)
   order by place
)`;
}

export function resultColumns(results: readonly ClaimResult[]): unknown[] {
  const column = <K extends keyof ClaimResult>(key: K) => results.map((result) => result[key]);
  return [
    column('claimToken'),
    column('id'),
    column('kind'),
    column('messageId'),
    column('code'),
    column('message'),
    column('response'),
    column('roundTripMs'),
    column('retryAfterMs'),
  ];
}

const text = `select app_private.complete_claims($1, ${resultArguments(2)}) as refused`;

/** Records what hand-overs of any claims of a service came to. @returns the ids that were refused, since their token is no longer current. */
export async function completeClaims(
  db: Queryable,
  serviceId: string,
  results: readonly ClaimResult[],
): Promise<string[]> {
  const { rows } = await db.query<{ refused: string[] }>({
    name: 'complete_claims',
    text,
    values: [serviceId, ...resultColumns(results)],
  });
  return rows[0]?.refused ?? [];
}
