create or replace function app_private.take_deliveries(p_limit integer, p_channel_id uuid default null)
returns setof app_private.alert_delivery
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
  with due as (
    select id from app_hidden.alert_deliveries
     where sent_at is null and given_up_at is null and next_attempt_at <= (select app_hidden.current_time())
       and (p_channel_id is null or channel_id = p_channel_id)
     order by next_attempt_at
     limit p_limit
     for update skip locked
  ), taken as (
    update app_hidden.alert_deliveries d
       set attempts = d.attempts + 1, next_attempt_at = app_hidden.current_time() + interval '2 minutes'
      from due where d.id = due.id
    returning d.*
  )
  select t.id, c.id, c.kind, c.name, t.address, c.email_service_id, t.digest, s.sealed, t.attempts
    from taken t
    join app_public.alert_channels c on c.id = t.channel_id
    left join app_private.alert_channel_secrets s on s.alert_channel_id = c.id
   order by t.created_at;
$$;

revoke all on function app_private.take_deliveries(integer, uuid) from public;
grant execute on function app_private.take_deliveries(integer, uuid) to postilion_worker;
comment on function app_private.take_deliveries(integer, uuid) is
  'Takes messages that are due, for two minutes: then, unless they were settled, somebody else may.';
