-- A Task that failed halfway, and was scheduled again, has rows already: those of recipients who are in the snapshot are counted with it.
create or replace function app_hidden.mails_needed(p_task_id uuid)
returns integer
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select (
    select coalesce(sum(cardinality(contact_ids)), 0) from app_hidden.task_recipient_batches where task_id = p_task_id
  )::integer + (
    select count(*) from app_public.sub_task_mails m
     where m.task_id = p_task_id
       and not exists (
         select from app_hidden.task_recipient_batches b cross join unnest(b.contact_ids) as recipient (id)
          where b.task_id = p_task_id and recipient.id = m.contact_id)
  )::integer;
$$;

revoke all on function app_hidden.mails_needed(uuid) from public;
comment on function app_hidden.mails_needed(uuid) is 'How many mails a Task will have, once its snapshot of recipients is taken.';
