create or replace function app_hidden.without_suppressed(p_workspace_id uuid, p_ids uuid[])
returns uuid[]
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_suppressed uuid[] := app_hidden.suppressed_among(p_workspace_id, p_ids);
begin
  if cardinality(v_suppressed) = 0 then
    return p_ids;
  end if;
  update app_public.sub_tasks
     set status = 'cancelled', phase = 'over', cancelled_at = app_hidden.current_time(), error_code = 'suppressed', error_message = 'the address is suppressed'
   where id = any (v_suppressed);
  return array(select id from unnest(p_ids) as id where id <> all (v_suppressed));
end;
$$;

revoke all on function app_hidden.without_suppressed(uuid, uuid[]) from public;
comment on function app_hidden.without_suppressed(uuid, uuid[]) is 'Cancels those of the locked rows whose address is suppressed, and answers the others.';
