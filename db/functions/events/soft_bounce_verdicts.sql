-- In a row: since the last mail to the address that is known to have been delivered. By the times alone, whatever state the rows are in, so that it
-- doesn't matter when a worker's word comes. An address that no mail bounced softly from needs no verdict, unless it is suppressed for it.
create or replace function app_hidden.soft_bounce_verdicts(p_sub_task_ids uuid[], p_limit integer)
returns setof app_hidden.address_verdict
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with addresses as materialized (
    select distinct t.workspace_id, m.recipient_email as email
      from unnest(p_sub_task_ids) as given (id)
      join app_public.sub_task_mails m on m.sub_task_id = given.id
      join app_public.tasks t on t.id = m.task_id
  ), mails as materialized (
    select a.workspace_id, a.email, least(st.delivered_at, st.opened_at, st.clicked_at) as heard_at,
           case when st.bounce_is_soft
                 and app_hidden.funnel_status(st.delivered_at, st.opened_at, st.clicked_at, st.bounced_at, st.bounce_is_soft) = 'bounced'
             then st.bounced_at end as soft_bounced_at
      from addresses a
      join app_public.sub_task_mails m on m.recipient_email = a.email
      join app_public.tasks t on t.id = m.task_id and t.workspace_id = a.workspace_id
      join app_public.sub_tasks st on st.id = m.sub_task_id
  ), rows_in_turn as (
    select workspace_id, email, soft_bounced_at, max(heard_at) over (partition by workspace_id, email) as last_heard_at from mails
  )
  select row(
           r.workspace_id, r.email, (select c.id from app_public.contacts c where c.workspace_id = r.workspace_id and c.email = r.email),
           case when count(*) filter (where r.soft_bounced_at > coalesce(r.last_heard_at, '-infinity')) >= p_limit then 'soft_bounces' end
         )::app_hidden.address_verdict
    from rows_in_turn r
   group by r.workspace_id, r.email
  having count(r.soft_bounced_at) >= p_limit
      or (select s.reason from app_public.suppressions s
           where s.workspace_id = r.workspace_id and s.email_hash = sha256(convert_to(r.email, 'UTF8'))) = 'soft_bounces';
$$;

revoke all on function app_hidden.soft_bounce_verdicts(uuid[], integer) from public;
comment on function app_hidden.soft_bounce_verdicts(uuid[], integer) is
  'Whether so many of a workspace''s latest mails to the addresses of SubTasks bounced softly in a row that they are to be suppressed.';
