create or replace function app_hidden.tell_channel(p_channel app_public.alert_channels)
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_changes app_hidden.alert_change[];
  v_count integer;
  v_digest jsonb;
begin
  if not app_hidden.may_tell(p_channel) then
    return 0;
  end if;
  select array_agg(c order by (c.what = 'resolved'), c.severity desc, c.kind, c.alert_id), count(*) into v_changes, v_count from app_hidden.changes_for(p_channel) as c;
  if v_count = 0 then
    return 0;
  end if;
  select jsonb_build_object('notices', jsonb_agg(notice order by place) filter (where place <= 20),
           'more', (select coalesce(jsonb_object_agg(kind, mails), '{}') from (select kind, count(*) as mails from unnest(v_changes) with ordinality as u (alert_id, what, kind, severity, notice, place) where place > 20 group by kind) as rest),
           'open', (select count(*) from app_public.alerts where resolved_at is null)) into v_digest
    from unnest(v_changes) with ordinality as u (alert_id, what, kind, severity, notice, place);
  insert into app_hidden.alert_deliveries (channel_id, address, digest, created_at, next_attempt_at)
  select p_channel.id, address, v_digest, v_now, v_now from unnest(coalesce(p_channel.addresses, array[null::text])) as address;
  insert into app_hidden.alert_tellings as known (alert_id, channel_id, told_at, severity, is_resolved, was_acted)
  select c.alert_id, p_channel.id, v_now, c.severity, c.what = 'resolved', a.acted_at is not null
    from unnest(v_changes) as c (alert_id, what, kind, severity, notice) join app_public.alerts a on a.id = c.alert_id
  on conflict (alert_id, channel_id) do update
    set told_at = excluded.told_at, severity = excluded.severity, is_resolved = excluded.is_resolved, was_acted = excluded.was_acted;
  return v_count;
end;
$$;

revoke all on function app_hidden.tell_channel(app_public.alert_channels) from public;
comment on function app_hidden.tell_channel(app_public.alert_channels) is
  'Writes one message to a channel about all that changed, and notes that it was told. Twenty alerts are in it, the gravest first; of the rest their number. Answers how many changed.';
