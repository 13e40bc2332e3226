-- A variable that nobody has is a mistake in the template and stops the Task before anything is sent; one that some lack is theirs alone.
create or replace function app_private.unknown_attributes(p_task_id uuid, p_names text[])
returns setof text
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select name
    from unnest(p_names) as name
   where not exists (
     select from app_hidden.task_recipient_batches b
      cross join unnest(b.contact_ids) as contact_id
       join app_public.contacts c on c.id = contact_id
      where b.task_id = p_task_id and c.attributes ? name);
$$;

revoke all on function app_private.unknown_attributes(uuid, text[]) from public;
grant execute on function app_private.unknown_attributes(uuid, text[]) to postilion_worker;
comment on function app_private.unknown_attributes(uuid, text[]) is 'Which of these contact attributes no recipient of a Task has.';
