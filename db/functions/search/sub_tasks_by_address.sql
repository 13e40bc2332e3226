-- Addresses are kept in the order of bytes. The end of the range is its beginning and the last character there is.
create or replace function app_hidden.sub_tasks_by_address(p_search app_hidden.sub_task_search, p_limit integer, p_bound integer)
returns app_hidden.sub_task_page
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v app_hidden.sub_task_search := p_search;
  v_from text := lower(v.email_prefix);
  v_after text := coalesce((select recipient_email from app_public.sub_task_mails where sub_task_id = v.after_id and task_id = v.task_id), '');
  v_page app_hidden.sub_task_page;
begin
  v_page.ids := array(
    select st.id
      from (
        select m.sub_task_id, m.recipient_email
          from app_public.sub_task_mails m
         where m.task_id = v.task_id
           and m.recipient_email >= v_from and m.recipient_email < (v_from || U&'\+10FFFF') and m.recipient_email > v_after
         order by m.recipient_email limit p_bound
      ) as m
      join app_public.sub_tasks st on st.id = m.sub_task_id
     where (v.statuses is null or st.status = any (v.statuses))
       and (v.service_id is null or st.service_id = v.service_id)
       and (v.error_code is null or st.error_code = v.error_code)
     order by m.recipient_email
     limit p_limit + 1);
  if cardinality(v_page.ids) <= p_limit then
    v_page.walked_to := (
      select m.sub_task_id from app_public.sub_task_mails m
       where m.task_id = v.task_id
         and m.recipient_email >= v_from and m.recipient_email < (v_from || U&'\+10FFFF') and m.recipient_email > v_after
       order by m.recipient_email offset p_bound - 1 limit 1);
  end if;
  return v_page;
end;
$$;

revoke all on function app_hidden.sub_tasks_by_address(app_hidden.sub_task_search, integer, integer) from public;
comment on function app_hidden.sub_tasks_by_address(app_hidden.sub_task_search, integer, integer) is
  'SubTasks whose address begins so, in the order of addresses: up to p_limit + 1 of the next p_bound, and where those end if they are not enough.';
