create or replace function app_hidden.search_way(p_status app_public.sub_task_status)
returns text
language sql
immutable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select case p_status when 'pending' then 'waiting' when 'allocated' then 'under_way' when 'sending' then 'under_way' when 'uncertain' then 'in_doubt'
                       when 'failed' then 'failed' when 'clicked' then 'clicked' when 'bounced' then 'bounced' when 'cancelled' then 'cancelled' end;
$$;

revoke all on function app_hidden.search_way(app_public.sub_task_status) from public;
comment on function app_hidden.search_way(app_public.sub_task_status) is 'The partial index of sub_tasks that has all rows of a state; null: none has.';
