-- The id of the key stands in a sealed value behind its version, so what is left of a rotation is seen without opening anything. Credentials in
-- the order of their accounts: services of one account know each other by a tag that the key makes, too, and should get the new one together.
create or replace function app_private.sealed_otherwise(p_key_id bytea, p_except uuid[], p_limit integer)
returns table (kind text, id uuid, sealed bytea, provider text, base_url text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_private, pg_temp
as $$
  select 'credentials', s.id, c.sealed, s.provider, s.base_url
    from (select * from app_private.email_service_credentials
           where substring(sealed from 2 for 8) is distinct from p_key_id and email_service_id <> all (p_except)
           order by account_tag, email_service_id
           limit p_limit) as c
    join app_public.email_services s on s.id = c.email_service_id
  union all
  (select 'signing', w.id, w.sealed, null, null
     from app_private.webhook_secrets w
    where w.kind = 'signing' and substring(w.sealed from 2 for 8) is distinct from p_key_id and w.id <> all (p_except)
    order by w.id
    limit p_limit)
  union all
  (select 'channel', c.alert_channel_id, c.sealed, null, null
     from app_private.alert_channel_secrets c
    where substring(c.sealed from 2 for 8) is distinct from p_key_id and c.alert_channel_id <> all (p_except)
    order by c.alert_channel_id
    limit p_limit);
$$;

revoke all on function app_private.sealed_otherwise(bytea, uuid[], integer) from public;
comment on function app_private.sealed_otherwise(bytea, uuid[], integer) is
  'Up to p_limit credentials (by their service''s id), as many signing secrets, and as many addresses of alert channels that another key than this one sealed, but for p_except. The owner''s alone.';
