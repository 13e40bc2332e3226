create or replace function app_hidden.mails_waiting_for(p_service app_public.email_services)
returns bigint
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce(sum(c.pending), 0)::bigint
    from app_public.tasks t
   cross join lateral app_hidden.counters_of(t.id) as c
   where t.status in ('queued', 'sending') and app_hidden.service_may_send(p_service, t);
$$;

revoke all on function app_hidden.mails_waiting_for(app_public.email_services) from public;
comment on function app_hidden.mails_waiting_for(app_public.email_services) is
  'How many mails wait that a service may send, by the counters.';
