-- The interval between two mails is no news beside a real reason, so it is told only where nothing else hinders the service; and only a
-- service that is free needs somebody to run it. That no worker runs is no fault of the service, so the row names none.
-- A member is told that others come first, which is why the Task waits, and not how many: they may be of other workspaces.
create or replace function app_hidden.service_hindrances(p_service app_public.email_services, p_task app_public.tasks, p_now timestamptz)
returns setof app_public.task_hindrance
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_name text := p_service.name;
  v_thaw timestamptz := nullif(p_service.frozen_until, 'infinity');
  v_ahead integer := app_hidden.tasks_ahead(p_service, p_task, p_now);
  v_rate timestamptz := case when p_service.rate_per_second is not null then p_service.rate_until end;
  v_lanes text[] := app_hidden.lanes_waiting(p_task.id, p_now);
  v_live boolean := p_service.loop_token is not null and p_service.loop_expires_at > p_now;
begin
  if p_service.is_stopped then
    return query select 'stopped', 'service', p_service.id, 'All sending was stopped.', null::timestamptz, 'Start sending again.';
    return;
  end if;
  if not p_service.is_enabled then
    return query select 'disabled', 'service', p_service.id, format('%s is switched off.', v_name), null::timestamptz, 'Switch the service on.';
    return;
  end if;
  return query
    select known.reason, 'service', p_service.id, known.sentence, known.moves_at, known.remedy
      from (values
        ('exhausted', app_hidden.quota_left(p_service, p_now) = 0,
         format('%s has sent as many mails as it may today: %s.', v_name, app_hidden.daily_cap(p_service, app_hidden.quota_day_of(p_service, p_now))), app_hidden.quota_renews_at(p_service, p_now),
         format('Raise its quota, or what its warm-up allows, or let it go on at midnight (%s).', p_service.timezone)),
        ('domain_cap', cardinality(v_lanes) > 0 and not v_lanes && app_hidden.open_lanes(p_service, p_now),
         format('%s may send no more today to %s, and nothing else of the Task waits.', v_name, (
           select string_agg(case lane when '' then 'domains in no lane' else lane end, ', ' order by lane) from unnest(v_lanes) as lane)),
         app_hidden.quota_renews_at(p_service, p_now),
         format('Raise its cap, add a service, or let it go on at midnight (%s).', p_service.timezone)),
        ('frozen', p_service.frozen_until > p_now + case when p_service.freeze_reason is null then p_service.interval_ms else 0 end * interval '1 ms',
         format('%s is frozen: %s', v_name, coalesce(p_service.freeze_reason, 'the provider asked to wait')), v_thaw,
         'See to what its provider says; it is tried again by itself.'),
        ('full', app_hidden.slots_left(p_service) <= 0,
         format('%s has %s under way and takes no more at once.', v_name, case when p_service.in_flight = 1 then 'a mail' else p_service.in_flight || ' mails' end), (
           select greatest(lease_expires_at, p_now) from app_public.sub_tasks
            where service_id = p_service.id and phase = 'under_way' order by lease_expires_at limit 1),
         'Nothing: it goes on as soon as one is answered.'),
        ('behind_others', v_ahead > 0,
         format('%s serves %s of higher priority first.', v_name, case when app_hidden.is_asked() then 'what is' when v_ahead = 1 then 'another Task' else v_ahead || ' other Tasks' end), null,
         'Let the Task run on another service, pause those in front, or wait for them.')
      ) as known (reason, applies, sentence, moves_at, remedy)
     where known.applies;
  if found then
    return;
  end if;
  if v_thaw > p_now then
    return query select 'pace', 'service', p_service.id, format('%s waits out its interval between two mails.', v_name), v_thaw,
      'Nothing: this is its pace. A shorter interval or another service would be faster.';
  elsif v_rate > p_now then
    return query select 'pace', 'service', p_service.id, format('%s keeps to its rate of %s mails a second.', v_name, p_service.rate_per_second), v_rate,
      'Nothing: this is its pace. A higher rate or another service would be faster.';
  elsif not v_live and not app_hidden.worker_is_live('send') then
    return query select 'no_worker', 'service', null::uuid, 'There are services that could send, but no worker is running.', null::timestamptz,
      'Start one: postilion work.';
  elsif not app_hidden.service_is_attended(p_service, p_now) then
    return query select 'idle', 'service', p_service.id, format('%s could send, but nobody was told to.', v_name), null::timestamptz,
      'Nothing: the sweep mends it within seconds.';
  else
    return query select 'ready', 'service', p_service.id, format('%s can send.', v_name), p_now, 'Nothing.';
  end if;
end;
$$;

revoke all on function app_hidden.service_hindrances(app_public.email_services, app_public.tasks, timestamptz) from public;
comment on function app_hidden.service_hindrances(app_public.email_services, app_public.tasks, timestamptz) is
  'Why a service hands over nothing of a Task at this moment; one row with the reason "ready" when it would.';
