create or replace function app_private.tell_alerts()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if not pg_try_advisory_xact_lock(hashtextextended('postilion.alerts.tell', 0)) then
    return 0;
  end if;
  return (select coalesce(sum(app_hidden.tell_channel(c)), 0) from (select * from app_public.alert_channels where is_enabled order by id) as c);
end;
$$;

revoke all on function app_private.tell_alerts() from public;
grant execute on function app_private.tell_alerts() to postilion_worker;
comment on function app_private.tell_alerts() is
  'Writes the messages that are to be sent, with what they tell of, in one transaction. Answers how many changes they tell. One at a time.';
