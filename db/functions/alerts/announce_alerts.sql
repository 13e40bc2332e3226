create or replace function app_hidden.announce_alerts()
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[] := array(select id from app_public.alerts where not is_announced order by id for no key update skip locked);
begin
  if cardinality(v_ids) = 0 then
    return 0;
  end if;
  with told as (
    update app_public.alerts set is_announced = true where id = any (v_ids) returning workspace_id
  )
  insert into app_hidden.alert_changes as known (workspace_id, number)
  select workspace_id, 1 from told group by workspace_id order by workspace_id
  on conflict (workspace_id) do update set number = known.number + 1;
  perform pg_notify('alerts', '');
  return cardinality(v_ids);
end;
$$;

revoke all on function app_hidden.announce_alerts() from public;
comment on function app_hidden.announce_alerts() is 'Tells subscribers of alerts that changed since it last did, and answers how many did.';
