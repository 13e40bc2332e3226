-- A transaction of its own: it locks Tasks and services, in their order, and the alert's row last. Once for each alert: who releases a service while
-- the last 24 hours are still bad does not have it frozen again under his hands.
create or replace function app_private.act_on_alert()
returns uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_alert app_public.alerts;
  v_says text;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('postilion.alerts.act', 0)) then
    return null;
  end if;
  select a.* into v_alert
    from app_public.alerts a join app_public.alert_rules r on r.kind = a.rule
   where a.resolved_at is null and a.acted_at is null and a.severity = 'critical' and a.cleared_at is null and r.action <> 'none' and r.is_enabled
   order by a.opened_at, a.id
   limit 1;
  if not found then
    return null;
  end if;
  v_says := app_hidden.act_on(v_alert, (select action from app_public.alert_rules where kind = v_alert.rule));
  update app_public.alerts set acted_at = app_hidden.current_time(), action_taken = v_says, is_announced = false where id = v_alert.id;
  return v_alert.id;
end;
$$;

revoke all on function app_private.act_on_alert() from public;
grant execute on function app_private.act_on_alert() to postilion_worker;
comment on function app_private.act_on_alert() is
  'Does what its rule wants done about one critical alert, once. Answers its id; null: there is none. One at a time.';
