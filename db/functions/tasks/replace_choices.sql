create or replace function app_hidden.replace_choices(p_task_id uuid, p_template_ids uuid[], p_contact_ids uuid[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if p_template_ids is not null then
    delete from app_public.task_templates where task_id = p_task_id and template_id <> all (p_template_ids);
    insert into app_public.task_templates (task_id, template_id) select p_task_id, t from unnest(p_template_ids) as t on conflict do nothing;
  end if;
  if p_contact_ids is not null then
    delete from app_hidden.task_listed_contacts where task_id = p_task_id and contact_id <> all (p_contact_ids);
    insert into app_hidden.task_listed_contacts (task_id, contact_id) select p_task_id, c from unnest(p_contact_ids) as c on conflict do nothing;
  end if;
end;
$$;

revoke all on function app_hidden.replace_choices(uuid, uuid[], uuid[]) from public;
comment on function app_hidden.replace_choices(uuid, uuid[], uuid[]) is 'Gives a locked Task other templates or listed Contacts; null leaves those it has.';
