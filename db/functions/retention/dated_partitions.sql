-- By the catalogue, whatever they are called. The default partition has no bounds and no end.
create or replace function app_hidden.dated_partitions()
returns table (name text, ends_at timestamptz)
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select format('%I.%I', n.nspname, c.relname), substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''([^'']+)''\)')::timestamptz
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_namespace n on n.oid = c.relnamespace
   where i.inhparent in ('app_public.event_logs'::regclass, 'app_public.mail_events'::regclass) and not i.inhdetachpending;
$$;

revoke all on function app_hidden.dated_partitions() from public;
comment on function app_hidden.dated_partitions() is 'The partitions of event_logs and mail_events; null: one without an end.';
