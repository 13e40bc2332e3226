-- By way of the Contacts of that address, a probe for each workspace: sub_task_mails has no index on the address alone, and no mail should
-- pay for one.
create or replace function app_hidden.rivals(p_recipient text, p_window tstzrange)
returns setof uuid
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select st.id
    from app_public.workspaces w
    join app_public.contacts c on c.workspace_id = w.id and c.email = p_recipient
    join app_public.sub_task_mails m on m.contact_id = c.id
    join app_public.sub_tasks st on st.id = m.sub_task_id
   where st.message_id is null and st.handed_over_at is not null and st.status not in ('failed', 'cancelled')
     and app_hidden.hand_over_window(st) && p_window;
$$;

revoke all on function app_hidden.rivals(text, tstzrange) from public;
comment on function app_hidden.rivals(text, tstzrange) is
  'SubTasks for an address that a provider may have taken within a window and of which no id is known.';
