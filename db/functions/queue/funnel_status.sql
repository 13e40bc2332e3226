-- From times alone, so that events may come in any order and twice. A hard bounce is final; a soft one is undone by a later delivery.
create or replace function app_hidden.funnel_status(
  p_delivered_at timestamptz, p_opened_at timestamptz, p_clicked_at timestamptz, p_bounced_at timestamptz, p_bounce_is_soft boolean
)
returns app_public.sub_task_status
language plpgsql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
begin
  return case
    when p_bounced_at is not null and (not p_bounce_is_soft or p_bounced_at > coalesce(greatest(p_delivered_at, p_opened_at, p_clicked_at), '-infinity'))
      then 'bounced'
    when p_clicked_at is not null then 'clicked'
    when p_opened_at is not null then 'opened'
    when p_delivered_at is not null then 'delivered'
    else 'sent'
  end;
end;
$$;

revoke all on function app_hidden.funnel_status(timestamptz, timestamptz, timestamptz, timestamptz, boolean) from public;
comment on function app_hidden.funnel_status(timestamptz, timestamptz, timestamptz, timestamptz, boolean) is
  'Where a mail that was sent stands, by the times of what happened to it.';
