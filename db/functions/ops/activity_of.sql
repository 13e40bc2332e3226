-- In the words of the API, by the function that subscribers' pictures are made by. That one does not look for work; this one does, where a service seems
-- to have nothing to do or to wait, and so finds what may not be: work, and nobody told.
create or replace function app_hidden.activity_of(p_service app_public.email_services, p_now timestamptz)
returns text
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_activity text := (app_hidden.state_of_service(p_service, p_now)).activity;
  v_run_at timestamptz;
begin
  if v_activity not in ('no_work', 'waiting') then
    return v_activity;
  end if;
  v_run_at := app_hidden.next_run_at(p_service);
  return case
    when v_run_at is null then 'no_work'
    when v_run_at < p_now + interval '10 s' and not app_hidden.service_is_attended(p_service, p_now) then 'IDLE'
    else 'waiting'
  end;
end;
$$;

revoke all on function app_hidden.activity_of(app_public.email_services, timestamptz) from public;
comment on function app_hidden.activity_of(app_public.email_services, timestamptz) is
  'What a service does at this moment: a service_activity, or IDLE: it has work and nobody was told to do it.';
