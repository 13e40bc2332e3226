-- Whoever may not post can still knock as often as he likes: of each source 500 refusals an hour are kept (3 KB each at most, so some 250 MB a
-- source and week), the others are counted. The counts are written first, in the order of their key: their row is the lock under which the
-- room that is left is computed.
create or replace function app_private.record_webhook_refusals(
  p_counted_sources text[], p_counts integer[],
  p_sources text[], p_service_ids uuid[], p_reasons text[], p_headers jsonb[], p_sha256s bytea[], p_sizes integer[], p_heads bytea[]
)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_hour timestamptz := date_trunc('hour', v_now, 'UTC');
begin
  insert into app_public.webhook_refusal_counts as c (source, hour, refused)
  select counted.source, v_hour, counted.refused
    from unnest(p_counted_sources, p_counts) as counted (source, refused)
   order by counted.source
      on conflict (source, hour) do update set refused = c.refused + excluded.refused;

  with offered as (
    select o.*, row_number() over (partition by o.source order by o.place) as place_of_source
      from unnest(p_sources, p_service_ids, p_reasons, p_headers, p_sha256s, p_sizes, p_heads)
           with ordinality as o (source, service_id, reason, headers, sha256, size, head, place)
  ), kept as (
    insert into app_hidden.webhook_refusals
      (refused_at, source, email_service_id, reason, headers, body_sha256, body_size, body_head)
    select v_now, o.source, o.service_id, o.reason, o.headers, o.sha256, o.size, o.head
      from offered o join app_public.webhook_refusal_counts c on c.source = o.source and c.hour = v_hour
     where o.place_of_source <= 500 - c.kept
     order by o.place
    returning source
  )
  update app_public.webhook_refusal_counts c
     set kept = c.kept + k.count
    from (select kept.source, count(*)::integer as count from kept group by kept.source) k
   where c.source = k.source and c.hour = v_hour;
end;
$$;

revoke all on function app_private.record_webhook_refusals(text[], integer[], text[], uuid[], text[], jsonb[], bytea[], integer[], bytea[]) from public;
grant execute on function app_private.record_webhook_refusals(text[], integer[], text[], uuid[], text[], jsonb[], bytea[], integer[], bytea[]) to postilion_admin;
comment on function app_private.record_webhook_refusals(text[], integer[], text[], uuid[], text[], jsonb[], bytea[], integer[], bytea[]) is
  'Counts refused webhooks by source and hour, and keeps those that are given whole, 500 of a source in an hour at most.';
