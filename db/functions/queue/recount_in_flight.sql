-- in_flight is kept by every function that moves a row; rows deleted with their Task, by whatever hand, are the one way around them, and a
-- paced service that counts a ghost would stand still for ever. The rows are few: they have an index of their own.
create or replace function app_hidden.recount_in_flight(p_service_id uuid, p_why text default null)
returns app_public.email_services
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service app_public.email_services;
  v_kept integer := (select in_flight from app_public.email_services where id = p_service_id);
  v_count integer := (
    select count(*) from app_public.sub_tasks where service_id = p_service_id and phase = 'under_way');
begin
  if v_kept <> v_count then
    update app_public.email_services set in_flight = v_count where id = p_service_id;
  end if;
  if v_kept <> v_count and p_why is not null then
    perform app_hidden.record_repair('recount_in_flight', p_service_id, p_why, abs(v_kept - v_count), jsonb_build_object('kept', v_kept, 'counted', v_count));
  end if;
  select * into v_service from app_public.email_services where id = p_service_id;
  return v_service;
end;
$$;

revoke all on function app_hidden.recount_in_flight(uuid, text) from public;
comment on function app_hidden.recount_in_flight(uuid, text) is 'Counts a locked service''s mails under way from the rows, and reads it anew. With a reason a difference is entered into app_hidden.repairs.';
