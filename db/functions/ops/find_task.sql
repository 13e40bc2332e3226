create or replace function app_hidden.find_task(p_text text)
returns uuid
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_bounds uuid[] := app_hidden.ids_beginning(btrim(p_text));
  v_ids uuid[] := array(select id from app_public.tasks where id between v_bounds[1] and v_bounds[2] limit 2);
begin
  if cardinality(v_ids) = 0 then
    v_ids := array(select id from app_public.tasks where name = p_text order by created_at desc limit 2);
  end if;
  if cardinality(v_ids) = 0 then
    raise exception 'task: there is no Task with the id or the name "%"', left(p_text, 100) using errcode = 'NTFND';
  elsif cardinality(v_ids) > 1 then
    raise exception 'task: more than one Task is called "%"; give its id, see ops.task_status', left(p_text, 100) using errcode = 'BADIN';
  end if;
  return v_ids[1];
end;
$$;

revoke all on function app_hidden.find_task(text) from public;
comment on function app_hidden.find_task(text) is
  'The Task of an id, of the beginning of one (eight digits or more), or of a name. Raises NTFND, and BADIN where several are meant.';
