create or replace function app_hidden.report_groups(
  p_by text, p_before timestamptz, p_before_until timestamptz, p_since timestamptz, p_until timestamptz
)
returns table (id uuid, is_before boolean, sent bigint, numbers jsonb)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select case p_by when 'service' then h.service_id when 'task' then h.task_id end, h.hour < p_since, sum(h.sent),
         jsonb_build_object(
           'sent', sum(h.sent), 'delivered', sum(h.delivered), 'softBounced', sum(h.soft_bounced), 'hardBounced', sum(h.hard_bounced),
           'bounced', sum(h.bounced), 'humanOpened', sum(h.human_opened), 'humanClicked', sum(h.human_clicked), 'complained', sum(h.complained),
           'unsubscribed', sum(h.unsubscribed), 'failed', sum(h.failed), 'uncertain', sum(h.uncertain),
           'answerMs', sum(h.round_trip_ms_sum) / nullif(sum(h.round_trip_count), 0))
    from app_public.hourly_statistics h
   where h.hour >= p_before and h.hour < p_until and (h.hour >= p_since or h.hour < p_before_until)
   group by 1, 2;
$$;

revoke all on function app_hidden.report_groups(text, timestamptz, timestamptz, timestamptz, timestamptz) from public;
comment on function app_hidden.report_groups(text, timestamptz, timestamptz, timestamptz, timestamptz) is
  'The sums of a period and of the one before, by service, by task, or of all (any other word).';
