// A witness in the run's own database: it notes which hand-overs and completions the queue refused for a token that is no longer current. A
// process that woke up too late may end before it hears of that, so its log would tell less.
import type pg from 'pg';
import type { Queryable } from '../../src/database/pool.ts';
import { one } from '../support/scene.ts';

export type Call = 'begin' | 'complete';

/** Stands before begin_sends and complete_claims. */
export async function callWitness(pool: pg.Pool): Promise<void> {
  const beginAnswer = await one<string>(
    pool,
    `select pg_get_function_result('app_private.begin_sends(uuid, uuid[])'::regprocedure)`,
  );
  await pool.query(`
    create schema witness;
    create table witness.refusals (call text not null, sub_task_id uuid not null);

    alter function app_private.begin_sends(uuid, uuid[]) rename to begin_sends_unwatched;
    create function app_private.begin_sends(p_claim_token uuid, p_ids uuid[]) returns ${beginAnswer}
    language plpgsql security definer set search_path to pg_catalog, pg_temp as $$
    begin
      return query
      with answered as materialized (
        select * from app_private.begin_sends_unwatched(p_claim_token, p_ids)
      ), noted as (
        insert into witness.refusals select 'begin', a.id from answered a where a.refusal = 'LEASE'
      )
      select * from answered;
    end;
    $$;
    grant execute on function app_private.begin_sends(uuid, uuid[]) to postilion_worker;

    alter function app_private.complete_claims(uuid, uuid[], app_private.send_result[]) rename to complete_claims_unwatched;
    create function app_private.complete_claims(p_service_id uuid, p_claim_tokens uuid[], p_results app_private.send_result[]) returns uuid[]
    language plpgsql security definer set search_path to pg_catalog, pg_temp as $$
    declare
      v_refused uuid[] := app_private.complete_claims_unwatched(p_service_id, p_claim_tokens, p_results);
    begin
      insert into witness.refusals select 'complete', unnest(v_refused);
      return v_refused;
    end;
    $$;
    grant execute on function app_private.complete_claims(uuid, uuid[], app_private.send_result[]) to postilion_worker;`);
}

/** How many SubTasks of such calls were refused so far. */
export function refused(db: Queryable, call: Call): Promise<number> {
  return one(db, 'select count(*)::integer from witness.refusals where call = $1', [call]);
}
