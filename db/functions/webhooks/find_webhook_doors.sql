-- One row for each signing secret, or one with nulls. An expired signing secret is told of without its value: a signature is still asked for,
-- and no longer right, where forgetting it would let anybody in who knows the path.
create or replace function app_private.find_webhook_doors(p_hashes bytea[])
returns table (hash bytea, email_service_id uuid, provider text, posting_source text, secret_id uuid, source text, sealed bytea)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
  select p.hash, p.email_service_id, e.provider, p.source, s.id, s.source,
         case when s.expires_at > app_hidden.current_time() then s.sealed end
    from app_private.webhook_secrets p
    join app_public.email_services e on e.id = p.email_service_id
    left join app_private.webhook_secrets s on s.email_service_id = p.email_service_id and s.kind = 'signing'
   where p.hash = any (p_hashes) and p.kind = 'path' and p.expires_at > app_hidden.current_time();
$$;

revoke all on function app_private.find_webhook_doors(bytea[]) from public;
grant execute on function app_private.find_webhook_doors(bytea[]) to postilion_admin;
comment on function app_private.find_webhook_doors(bytea[]) is
  'The services whose path secrets have these SHA-256, each with its provider, the other source its path was made for, and its signing secrets by source, sealed for secret_id; null where one has expired.';
