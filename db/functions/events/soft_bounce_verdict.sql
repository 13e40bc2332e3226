-- In a row: since the last mail to the address that is known to have been delivered. By the times alone, whatever state the rows are in, so that it
-- doesn't matter when a worker's word comes.
create or replace function app_hidden.soft_bounce_verdict(p_workspace_id uuid, p_email text, p_limit integer)
returns app_hidden.address_verdict
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with mails as materialized (
    select least(st.delivered_at, st.opened_at, st.clicked_at) as heard_at,
           case when st.bounce_is_soft
                 and app_hidden.funnel_status(st.delivered_at, st.opened_at, st.clicked_at, st.bounced_at, st.bounce_is_soft) = 'bounced'
             then st.bounced_at end as soft_bounced_at
      from app_public.sub_task_mails m
      join app_public.tasks t on t.id = m.task_id and t.workspace_id = p_workspace_id
      join app_public.sub_tasks st on st.id = m.sub_task_id
     where m.recipient_email = p_email
  )
  select row(
           p_workspace_id, p_email, (select c.id from app_public.contacts c where c.workspace_id = p_workspace_id and c.email = p_email),
           case when count(*) >= p_limit then 'soft_bounces' end
         )::app_hidden.address_verdict
    from mails
   where soft_bounced_at > coalesce((select max(heard_at) from mails), '-infinity');
$$;

revoke all on function app_hidden.soft_bounce_verdict(uuid, text, integer) from public;
comment on function app_hidden.soft_bounce_verdict(uuid, text, integer) is
  'Whether so many of a workspace''s latest mails to an address bounced softly in a row that it is to be suppressed.';
