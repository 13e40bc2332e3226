create or replace function app_hidden.sub_task_of_address(p_search app_hidden.sub_task_search)
returns setof uuid
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select st.id
    from (select (p_search).*) as v
    join app_public.sub_task_mails m on m.recipient_email = lower(btrim(v.email)) and m.task_id = v.task_id
    join app_public.sub_tasks st on st.id = m.sub_task_id
   where v.after_id is null
     and (v.email_prefix is null or starts_with(m.recipient_email, lower(v.email_prefix)))
     and (v.statuses is null or st.status = any (v.statuses))
     and (v.service_id is null or st.service_id = v.service_id)
     and (v.error_code is null or st.error_code = v.error_code);
$$;

revoke all on function app_hidden.sub_task_of_address(app_hidden.sub_task_search) from public;
comment on function app_hidden.sub_task_of_address(app_hidden.sub_task_search) is 'The SubTask of an address, if it is what is looked for.';
