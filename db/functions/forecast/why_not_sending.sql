-- What the Task itself, then its recipients, put in the way comes first; services count only where neither does, or where none could serve
-- the Task afterwards either. Of the services the one that is free soonest comes first: its reason decides when the next mail goes.
-- It reads a few rows of each index and the counters, however many mails the Task has.
create or replace function app_public.why_not_sending(p_task_id uuid)
returns setof app_public.task_hindrance
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
  v_now timestamptz := app_hidden.current_time();
  v_services app_public.task_hindrance[];
  v_own integer;
begin
  perform app_hidden.demand_task('viewer', p_task_id);
  v_task := app_hidden.read_task(p_task_id);
  if app_hidden.mail_is_under_way(p_task_id, v_now) and app_hidden.task_may_send(v_task.status) then
    return;
  end if;
  return query select * from app_hidden.task_hindrances(v_task);
  if app_hidden.task_may_send(v_task.status) or v_task.status = 'completed' then
    return query select * from app_hidden.recipient_hindrances(v_task, v_now);
  end if;
  get diagnostics v_own = row_count;
  if v_task.status in ('completed', 'cancelled', 'failed') then
    return;
  end if;

  v_services := array(
    select distinct h from app_public.email_services s cross join lateral app_hidden.service_hindrances(s, v_task, v_now) as h
     where app_hidden.service_may_send(s, v_task));
  if cardinality(v_services) = 0 then
    return query
      select 'no_service', 'service', v_task.email_service_id, said.sentence, null::timestamptz, said.remedy
        from (values
          (false, 'No service may serve the Task''s workspace.', 'Create a service, or grant the workspace one that is not shared.'),
          (true, 'The one service that the Task is bound to may not serve its workspace.', 'Grant the workspace this service, or send by another.')
        ) as said (is_bound, sentence, remedy)
       where said.is_bound = (v_task.email_service_id is not null);
  elsif (v_own = 0 and not exists (select from unnest(v_services) as h where h.reason = 'ready'))
     or not exists (select from unnest(v_services) as h where h.reason not in ('disabled', 'stopped')) then
    return query
      select h.* from unnest(v_services) as h
       order by max(coalesce(h.moves_at, 'infinity')) over (partition by h.email_service_id), h.reason in ('disabled', 'stopped'), h.email_service_id,
                coalesce(h.moves_at, 'infinity') desc, h.reason;
  end if;
end;
$$;

revoke all on function app_public.why_not_sending(uuid) from public;
grant execute on function app_public.why_not_sending(uuid) to postilion_user, postilion_admin;
comment on function app_public.why_not_sending(uuid) is
  'Why a Task hands nothing over at this moment, the most decisive reason first; empty when it is sending. Raises NTFND.';
