-- Each kind is a transaction of its own: together they would lock rows out of order. What touches several services one after the other locks all
-- of them first, in id order.
create or replace function app_hidden.carry_out(p_what text, p_steps app_hidden.repair_step[], p_why text)
returns bigint
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_count bigint := 0;
  v_subject text;
begin
  if p_what in ('pools', 'thaw', 'slots') then
    perform app_hidden.lock_services();
  end if;
  case p_what
    when 'leases' then v_count := app_private.reap_leases();
    when 'wake' then v_count := count(*) from app_private.wake_idle_services();
    when 'tasks' then v_count := count(*) from app_private.complete_tasks();
    when 'partitions' then v_count := app_private.ensure_partitions(1);
    when 'events' then v_count := app_hidden.replay_inbox(p_steps);
    when 'fold' then
      v_count := count(*) from app_hidden.task_counter_changes;
      while app_private.fold_counters() > 0 loop end loop;
      v_count := v_count - (select count(*) from app_hidden.task_counter_changes);
    else
      for v_subject in select s.subject from unnest(p_steps) as s order by s.subject loop
        case p_what
          when 'pools' then perform app_private.release_pool(v_subject, false);
          when 'slots' then perform app_hidden.recount_in_flight(v_subject::uuid), app_private.wake_service(v_subject::uuid);
          when 'thaw' then perform app_hidden.thaw_service(v_subject::uuid);
          when 'counters' then perform app_private.recount_task(v_subject::uuid, false, p_why);
        end case;
        v_count := v_count + 1;
      end loop;
  end case;
  return v_count;
end;
$$;

revoke all on function app_hidden.carry_out(text, app_hidden.repair_step[], text) from public;
comment on function app_hidden.carry_out(text, app_hidden.repair_step[], text) is
  'Does what a plan says, by the functions that the sweep and the crontab use. Answers how many it met.';
