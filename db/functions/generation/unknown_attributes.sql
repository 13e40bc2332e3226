-- A variable that nobody has is a mistake in the template and stops the Task before anything is sent; one that some lack is theirs alone.
-- Asked before the first batch only: of a Task that goes on after a crash, those who had it may be done already.
create or replace function app_private.unknown_attributes(p_task_id uuid, p_names text[])
returns setof text
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select p_name.name
    from unnest(p_names) as p_name (name)
   where exists (select from app_hidden.task_recipient_batches where task_id = p_task_id)
     and not exists (select from app_public.sub_task_mails where task_id = p_task_id)
     and not exists (
       select from app_hidden.task_recipient_batches b
        cross join unnest(b.contact_ids) as contact_id
         join app_public.contacts c on c.id = contact_id
        where b.task_id = p_task_id and (c.attributes ? p_name.name or (p_name.name = 'name' and c.name is not null)));
$$;

revoke all on function app_private.unknown_attributes(uuid, text[]) from public;
grant execute on function app_private.unknown_attributes(uuid, text[]) to postilion_worker;
comment on function app_private.unknown_attributes(uuid, text[]) is 'Which of these contact attributes (or name) no recipient of a Task has.';
