create or replace function app_hidden.told_failed_at(p_sub_task_id uuid, p_handed_over_at timestamptz)
returns timestamptz
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select max(occurred_at)
    from app_public.mail_events
   where sub_task_id = p_sub_task_id and kind = 'failed' and occurred_at >= p_handed_over_at - interval '1 minute';
$$;

revoke all on function app_hidden.told_failed_at(uuid, timestamptz) from public;
comment on function app_hidden.told_failed_at(uuid, timestamptz) is
  'When the provider said last, since a hand-over (with a minute for its clock), that it does not send the mail; null: it did not.';
