-- Rows end later than their Task is cancelled, and no step of theirs may lock one more row: so whoever sweeps looks again until none is open.
-- A Task that someone holds is left for the next time. Usage rows are taken in one order: two sweeps never wait for each other in a ring.
create or replace function app_private.settle_reservations()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task_id uuid;
  v_count integer := 0;
begin
  for v_task_id in
    select r.task_id from app_hidden.task_reservations r join app_public.tasks t on t.id = r.task_id
     where r.is_open and t.status in ('completed', 'cancelled')
     order by r.workspace_id, r.month, r.task_id
  loop
    perform from app_public.tasks where id = v_task_id and status in ('completed', 'cancelled') for no key update skip locked;
    if found then
      perform app_hidden.settle_reservation(v_task_id);
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end;
$$;

revoke all on function app_private.settle_reservations() from public;
grant execute on function app_private.settle_reservations() to postilion_worker;
comment on function app_private.settle_reservations() is
  'Gives back to workspaces what Tasks that are over hold of their quotas for mails that are never sent. Answers how many Tasks it looked at.';
