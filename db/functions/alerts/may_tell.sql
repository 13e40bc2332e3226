-- Half of an hour's messages may come at once, the other half evenly: a storm is heard of at its beginning, and its end is not kept for an hour.
create or replace function app_hidden.may_tell(p_channel app_public.alert_channels)
returns boolean
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select count(*) < p_channel.most_per_hour
     and (count(*) < greatest(p_channel.most_per_hour / 2, 1)
          or max(created_at) <= app_hidden.current_time() - interval '1 hour' / p_channel.most_per_hour)
    from (
      select distinct created_at from app_hidden.alert_deliveries
       where channel_id = p_channel.id and not is_test and created_at > app_hidden.current_time() - interval '1 hour' and created_at <= app_hidden.current_time()
    ) as messages;
$$;

revoke all on function app_hidden.may_tell(app_public.alert_channels) from public;
comment on function app_hidden.may_tell(app_public.alert_channels) is 'Whether a channel may get one more message now.';
