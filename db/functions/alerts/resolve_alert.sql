create or replace function app_private.resolve_alert(p_rule text, p_subject text)
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  update app_public.alerts
     set resolved_at = app_hidden.current_time(), is_announced = false
   where rule = p_rule and subject = p_subject and resolved_at is null;
  return found;
end;
$$;

revoke all on function app_private.resolve_alert(text, text) from public;
grant execute on function app_private.resolve_alert(text, text) to postilion_worker;
comment on function app_private.resolve_alert(text, text) is 'Closes the open alert of a rule about a subject; false: there is none.';
