create or replace function app_hidden.plan_repair(p_what text, p_task_id uuid default null)
returns setof app_hidden.repair_step
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  case p_what
    when 'pools' then return query select * from app_hidden.plan_pools();
    when 'leases' then return query select * from app_hidden.plan_leases();
    when 'slots' then return query select * from app_hidden.plan_slots();
    when 'thaw' then return query select * from app_hidden.plan_thaw();
    when 'wake' then return query select * from app_hidden.plan_wake();
    when 'tasks' then return query select * from app_hidden.plan_tasks();
    when 'partitions' then return query select * from app_hidden.plan_partitions();
    when 'events' then return query select * from app_hidden.plan_events();
    when 'fold' then return query select * from app_hidden.plan_fold();
    when 'counters' then return query select * from app_hidden.plan_counters(p_task_id);
    else
      raise exception 'what: "%" is none of %', p_what, (select string_agg(what, ', ' order by place) from app_hidden.repair_kinds()) using errcode = 'BADIN';
  end case;
end;
$$;

revoke all on function app_hidden.plan_repair(text, uuid) from public;
comment on function app_hidden.plan_repair(text, uuid) is 'What a repair would do now. Raises BADIN for one that there is not.';
