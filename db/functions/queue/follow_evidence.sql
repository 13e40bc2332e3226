-- A webhook may overtake the worker's own word, or be the only word there is: whatever shows that the mail left settles an uncertain row too, and
-- where nothing does, the provider's word that it gave the mail up. What is settled so is no error any more.
create or replace function app_hidden.follow_evidence(p_ids uuid[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  update app_public.sub_tasks st
     set status = n.status, phase = 'over', sent_at = coalesce(st.sent_at, st.handed_over_at, app_hidden.current_time()),
         error_code = case when st.status <> 'uncertain' then st.error_code end,
         error_message = case when st.status <> 'uncertain' then st.error_message end
    from (
      select id, app_hidden.followed_status(
               status, sent_at, delivered_at, opened_at, clicked_at, bounced_at, bounce_is_soft, coalesce(unsubscribed_at, complained_at)) as status
        from app_public.sub_tasks where id = any (p_ids)) as n
   where st.id = any (p_ids) and st.id = n.id and st.status <> n.status;
  update app_public.sub_tasks st
     set status = 'failed', phase = 'failed', failed_at = n.told_at, error_code = 'provider_failed', error_message = 'the provider says that it did not send it'
    from (
      select id, app_hidden.told_failed_at(id, handed_over_at) as told_at
        from app_public.sub_tasks where id = any (p_ids) and status = 'uncertain') as n
   where st.id = any (p_ids) and st.id = n.id and n.told_at is not null;
end;
$$;

revoke all on function app_hidden.follow_evidence(uuid[]) from public;
comment on function app_hidden.follow_evidence(uuid[]) is 'Brings the state of locked rows in line with the events that concern them.';
