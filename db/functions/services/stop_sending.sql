-- All services in id order, each locked: every claim has committed then and none can start. What is claimed is taken back, all rows in id
-- order (see give_back_task). begin_sends reads the flag after it has locked its row, so what it let through before is counted below.
create or replace function app_public.stop_sending()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service_ids uuid[] := array(select id from app_public.email_services order by id);
  v_service_id uuid;
  v_ids uuid[];
  v_on_the_way integer;
begin
  perform app_hidden.lock_service(id) from unnest(v_service_ids) as id;
  update app_public.email_services set is_stopped = true where id = any (v_service_ids);
  for v_service_id, v_ids in
    select service_id, array_agg(id)
      from (select id, service_id from app_public.sub_tasks
             where phase = 'under_way' and status = 'allocated' and service_id = any (v_service_ids) order by id for no key update) as claimed
     group by service_id
  loop
    perform app_hidden.give_back(v_service_id, v_ids);
  end loop;
  select count(*) into v_on_the_way from app_public.sub_tasks where phase = 'under_way' and status = 'sending' and service_id is not null;
  return v_on_the_way;
end;
$$;

revoke all on function app_public.stop_sending() from public;
grant execute on function app_public.stop_sending() to postilion_admin;
comment on function app_public.stop_sending() is
  'The emergency stop: no service hands anything over after this returns, until start_sending. Answers how many mails are on their way to a provider at this moment.';
