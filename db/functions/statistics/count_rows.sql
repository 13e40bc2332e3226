create or replace function app_hidden.count_rows(p_task_id uuid)
returns app_hidden.task_counters
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select p_task_id,
         count(*) filter (where status = 'pending'),
         count(*) filter (where status = 'allocated'),
         count(*) filter (where status = 'sending'),
         count(*) filter (where status = 'sent'),
         count(*) filter (where status = 'delivered'),
         count(*) filter (where status = 'opened'),
         count(*) filter (where status = 'clicked'),
         count(*) filter (where status = 'bounced'),
         count(*) filter (where status = 'failed'),
         count(*) filter (where status = 'cancelled'),
         count(*) filter (where status = 'uncertain'),
         count(sent_at),
         count(delivered_at),
         count(opened_at),
         count(clicked_at),
         count(bounced_at),
         count(unsubscribed_at),
         count(complained_at),
         count(human_opened_at),
         count(human_clicked_at)
    from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id
   where m.task_id = p_task_id;
$$;

revoke all on function app_hidden.count_rows(uuid) from public;
comment on function app_hidden.count_rows(uuid) is 'What a Task''s counters should be, counted from its rows.';
