-- The first acknowledgement stays: it says who has been seeing to it. The installation's alerts are nobody's but an admin's.
create or replace function app_public.acknowledge_alert(p_alert_id uuid)
returns app_public.alerts
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_alert app_public.alerts;
begin
  select * into v_alert from app_public.alerts where id = p_alert_id for no key update;
  perform app_hidden.demand_of('editor', v_alert.workspace_id, format('alertId: there is no alert %s', p_alert_id));
  if v_alert.id is null then
    raise exception 'alertId: there is no alert %', p_alert_id using errcode = 'NTFND';
  end if;
  if v_alert.acknowledged_at is null then
    update app_public.alerts
       set acknowledged_at = app_hidden.current_time(), acknowledged_by = app_hidden.current_user_id(), is_announced = false
     where id = p_alert_id
    returning * into v_alert;
  end if;
  return v_alert;
end;
$$;

revoke all on function app_public.acknowledge_alert(uuid) from public;
grant execute on function app_public.acknowledge_alert(uuid) to postilion_admin, postilion_user;
comment on function app_public.acknowledge_alert(uuid) is
  'Says that somebody has seen an alert: an editor of its workspace, or an admin. Who said so first stays. Raises NTFND, and FRBDN for a viewer.';
