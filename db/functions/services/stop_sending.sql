-- Service by service in id order, each locked: every claim has committed then and none can start; what is claimed is taken back. begin_sends
-- reads the flag after it has locked its row, so what it let through before is counted below.
create or replace function app_public.stop_sending()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service_id uuid;
  v_on_the_way integer;
begin
  for v_service_id in select id from app_public.email_services order by id loop
    perform app_hidden.lock_service(v_service_id);
    update app_public.email_services set is_stopped = true where id = v_service_id;
    perform app_hidden.give_back(v_service_id, array(
      select id from app_public.sub_tasks where service_id = v_service_id and phase = 'under_way' and status = 'allocated' order by id for no key update));
  end loop;
  select count(*) into v_on_the_way from app_public.sub_tasks where phase = 'under_way' and status = 'sending' and service_id is not null;
  return v_on_the_way;
end;
$$;

revoke all on function app_public.stop_sending() from public;
grant execute on function app_public.stop_sending() to postilion_admin;
comment on function app_public.stop_sending() is
  'The emergency stop: no service hands anything over after this returns, until start_sending. Answers how many mails are on their way to a provider at this moment.';
