-- One mends at a time, and looks again once it is its turn: so of two with the same plan the second is told that it is no longer the plan.
-- recount_task enters what it did by itself.
create or replace function ops.mend(p_what text, p_hash text, p_task text default null, p_why text default 'asked for')
returns bigint
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_verb text := (select k.verb from app_hidden.repair_kinds() as k where k.what = p_what);
  v_steps app_hidden.repair_step[];
  v_count bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('postilion.mend', 0));
  v_steps := app_hidden.steps_of(p_what, p_task);
  if p_hash is distinct from app_hidden.plan_hash(v_steps) then
    raise exception 'planHash: the plan of % is another by now: read it again', p_what using errcode = 'TRANS';
  end if;
  if cardinality(v_steps) = 0 then
    return 0;
  end if;
  v_count := app_hidden.carry_out(p_what, v_steps, p_why);
  if v_verb <> 'recount_task' and v_count > 0 then
    perform app_hidden.record_repair(
      v_verb, case when cardinality(v_steps) = 1 and v_steps[1].subject ~ '^[0-9a-f-]{36}$' then v_steps[1].subject::uuid end,
      p_why, v_count, jsonb_build_object('plan', to_jsonb(v_steps)));
  end if;
  return v_count;
exception
  when lock_not_available then
    raise exception 'kind: what % works on is in use, by a long report or a backup perhaps: try again', p_what using errcode = 'TRANS';
end;
$$;

revoke all on function ops.mend(text, text, text, text) from public;
grant execute on function ops.mend(text, text, text, text) to postilion_operator;
comment on function ops.mend(text, text, text, text) is
  'Carries out the plan of one kind of repair that read_plan gave the hash of, and enters it into app_hidden.repairs. Answers how many it met. Raises TRANS when the plan is another by now.';
