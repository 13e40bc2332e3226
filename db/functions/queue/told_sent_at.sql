-- Only who holds a mail can defer it, so a deferral says the same as "sent". The time of the hand-over, not that of the event: so it is the same whether the event came before the doubt or settled it.
create or replace function app_hidden.told_sent_at(p_sub_task_id uuid, p_handed_over_at timestamptz)
returns timestamptz
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select p_handed_over_at
   where exists (
     select from app_public.mail_events
      where sub_task_id = p_sub_task_id and kind in ('sent', 'deferred') and occurred_at >= p_handed_over_at - interval '1 minute');
$$;

revoke all on function app_hidden.told_sent_at(uuid, timestamptz) from public;
comment on function app_hidden.told_sent_at(uuid, timestamptz) is
  'When a mail was handed over, if the provider itself said by webhook since then (with a minute for its clock) that it took it; null: it did not.';
