create or replace function ops.read_plan(p_what text default 'all', p_task text default null)
returns table (what text, subject text, name text, how_many bigint, says text, hash text)
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task_id uuid := case when p_task is not null then app_hidden.find_task(p_task) end;
  v_kind text;
  v_steps app_hidden.repair_step[];
begin
  if p_what <> 'all' then
    perform app_hidden.plan_repair(p_what);
  end if;
  for v_kind in select k.what from app_hidden.repair_kinds() as k where p_what in ('all', k.what) and (v_task_id is null or k.what = 'counters') order by k.place loop
    v_steps := array(select s from app_hidden.plan_repair(v_kind, v_task_id) as s);
    return query select s.*, app_hidden.plan_hash(v_steps) from unnest(v_steps) as s;
  end loop;
end;
$$;

revoke all on function ops.read_plan(text, text) from public;
grant execute on function ops.read_plan(text, text) to postilion_operator;
comment on function ops.read_plan(text, text) is
  'What repairs there would be at this moment, one row for each thing, each with the hash of its kinds plan, by which mend carries it out. With a Task: its statistics alone.';
