create or replace function app_hidden.recipients(p_task app_public.tasks)
returns table (id uuid)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select c.id
    from app_public.contacts c
   where c.workspace_id = p_task.workspace_id
     and c.status = 'active'
     and case p_task.recipient_rule
           when 'all' then true
           when 'tags' then c.tags && p_task.include_tags and not c.tags && p_task.exclude_tags
           when 'contacts' then exists (
             select from app_hidden.task_listed_contacts l where l.task_id = p_task.id and l.contact_id = c.id)
         end
     and not exists (select from app_public.suppressions s where s.workspace_id = c.workspace_id and s.email_hash = sha256(convert_to(c.email, 'UTF8')));
$$;

revoke all on function app_hidden.recipients(app_public.tasks) from public;
comment on function app_hidden.recipients(app_public.tasks) is 'The Contacts a Task would reach at this moment: active, chosen by its rule, not suppressed.';
