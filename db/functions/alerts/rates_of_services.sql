create or replace function app_hidden.rates_of_services(p_minutes integer)
returns table (service_id uuid, name text, sent bigint, failed bigint, bounced bigint, hard_bounced bigint, complained bigint, parts jsonb)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.id, s.name, sum(l.sent)::bigint, sum(l.failed)::bigint, sum(l.bounced)::bigint, sum(l.hard_bounced)::bigint, sum(l.complained)::bigint,
         jsonb_agg(jsonb_build_object('taskId', l.task_id, 'sent', l.sent, 'failed', l.failed, 'bounced', l.bounced, 'hardBounced', l.hard_bounced, 'complained', l.complained))
    from app_hidden.mails_lately(p_minutes) as l join app_public.email_services s on s.id = l.service_id
   group by s.id;
$$;

revoke all on function app_hidden.rates_of_services(integer) from public;
comment on function app_hidden.rates_of_services(integer) is
  'What became of the mails that each service sent in the last minutes, and the share of each Task in it.';
