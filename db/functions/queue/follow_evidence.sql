-- A webhook may overtake the worker's own word, or be the only word there is: whatever shows that the mail left settles an uncertain row too.
create or replace function app_hidden.follow_evidence(p_ids uuid[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  update app_public.sub_tasks
     set status = app_hidden.funnel_status(delivered_at, opened_at, clicked_at, bounced_at, bounce_is_soft),
         sent_at = coalesce(sent_at, handed_over_at, app_hidden.current_time())
   where id = any (p_ids)
     and status in ('sent', 'delivered', 'opened', 'clicked', 'bounced', 'uncertain', 'failed')
     and (coalesce(delivered_at, opened_at, clicked_at, bounced_at) is not null or (status = 'uncertain' and sent_at is not null))
     and status <> app_hidden.funnel_status(delivered_at, opened_at, clicked_at, bounced_at, bounce_is_soft);
end;
$$;

revoke all on function app_hidden.follow_evidence(uuid[]) from public;
comment on function app_hidden.follow_evidence(uuid[]) is 'Brings the state of locked rows in line with the times of the events that concern them.';
