-- A minute for the provider's clock on either side, as for what its webhooks say.
create or replace function app_hidden.hand_over_window(p_sub_task app_public.sub_tasks)
returns tstzrange
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select tstzrange(
    p_sub_task.handed_over_at - interval '1 minute',
    case when p_sub_task.status <> 'sending' then greatest(p_sub_task.handed_over_at, p_sub_task.uncertain_at, p_sub_task.sent_at) + interval '1 minute' end,
    '[]');
$$;

revoke all on function app_hidden.hand_over_window(app_public.sub_tasks) from public;
comment on function app_hidden.hand_over_window(app_public.sub_tasks) is
  'When the provider may have taken a mail by its last hand-over: from its begin until its end was known, and a minute on either side; without an end while it is under way.';
