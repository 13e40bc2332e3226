-- Rows that are with a worker, or were never with one, keep their state. A complaint and an unsubscription show that a mail arrived, not when: they settle a
-- doubt and nothing else.
create or replace function app_hidden.followed_status(
  p_status app_public.sub_task_status, p_sent_at timestamptz, p_delivered_at timestamptz, p_opened_at timestamptz, p_clicked_at timestamptz,
  p_bounced_at timestamptz, p_bounce_is_soft boolean, p_answered_at timestamptz
)
returns app_public.sub_task_status
language plpgsql
immutable
parallel safe
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return case
    when p_status in ('pending', 'allocated', 'sending', 'cancelled') then p_status
    when coalesce(p_delivered_at, p_opened_at, p_clicked_at, p_bounced_at) is not null
      or (p_status = 'uncertain' and coalesce(p_sent_at, p_answered_at) is not null)
      then app_hidden.funnel_status(p_delivered_at, p_opened_at, p_clicked_at, p_bounced_at, p_bounce_is_soft)
    else p_status
  end;
end;
$$;

revoke all on function app_hidden.followed_status(app_public.sub_task_status, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, boolean, timestamptz) from public;
comment on function app_hidden.followed_status(app_public.sub_task_status, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, boolean, timestamptz) is
  'The state of a SubTask once it follows the times of the events that concern it; answered: it was complained of or unsubscribed from.';
