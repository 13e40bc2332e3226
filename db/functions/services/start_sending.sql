create or replace function app_public.start_sending()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_ids uuid[] := array(select id from app_public.email_services where is_stopped order by id for no key update);
begin
  if app_private.is_copy() then
    raise exception 'this database is a copy of the one in which mails were sent; first run: postilion after-restore' using errcode = 'TRANS';
  end if;
  update app_public.email_services set is_stopped = false where id = any (v_ids);
  perform app_private.wake_service(id) from unnest(v_ids) as id;
  return cardinality(v_ids);
end;
$$;

revoke all on function app_public.start_sending() from public;
grant execute on function app_public.start_sending() to postilion_admin;
comment on function app_public.start_sending() is 'Ends stop_sending. Answers how many services go on. Raises TRANS in a restored database, until after_restore.';
