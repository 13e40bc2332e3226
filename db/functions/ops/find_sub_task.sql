create or replace function app_hidden.find_sub_task(p_text text)
returns uuid
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_bounds uuid[] := app_hidden.ids_beginning(btrim(p_text));
  v_ids uuid[] := array(select id from app_public.sub_tasks where id between v_bounds[1] and v_bounds[2] order by id limit 2);
begin
  if v_bounds is null then
    v_ids := array(
      select st.id
        from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id
       where m.recipient_email = lower(btrim(p_text))
       order by st.created_at desc, st.id desc
       limit 1);
  end if;
  if cardinality(v_ids) = 0 then
    raise exception 'subTask: there is no mail with the id, or to the address, "%"', left(p_text, 100) using errcode = 'NTFND';
  elsif cardinality(v_ids) > 1 then
    raise exception 'subTask: more than one id begins with "%"; give more of it', p_text using errcode = 'BADIN';
  end if;
  return v_ids[1];
end;
$$;

revoke all on function app_hidden.find_sub_task(text) from public;
comment on function app_hidden.find_sub_task(text) is
  'The SubTask of an id or the beginning of one (eight digits or more), or the latest to an address. Raises NTFND, and BADIN where several are meant.';
