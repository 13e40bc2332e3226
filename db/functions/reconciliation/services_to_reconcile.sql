-- Also those that are switched off: what became of their last mails is often why.
-- Whoever has fallen behind comes first: an account's calls are shared by its services, and may not reach for all.
create or replace function app_private.services_to_reconcile()
returns setof uuid
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.id
    from app_public.email_services s
   order by (select min(r.position + r.age) from app_hidden.reconciliations r where r.email_service_id = s.id) nulls first, s.id;
$$;

revoke all on function app_private.services_to_reconcile() from public;
grant execute on function app_private.services_to_reconcile() to postilion_worker;
comment on function app_private.services_to_reconcile() is 'The services whose providers may be asked what became of their mails.';
