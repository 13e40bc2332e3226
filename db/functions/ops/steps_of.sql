create or replace function app_hidden.steps_of(p_what text, p_task text)
returns app_hidden.repair_step[]
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if p_task is not null and p_what <> 'counters' then
    raise exception 'taskId: only counters are mended for one Task' using errcode = 'BADIN';
  end if;
  return array(select s from app_hidden.plan_repair(p_what, case when p_task is not null then app_hidden.find_task(p_task) end) as s);
end;
$$;

revoke all on function app_hidden.steps_of(text, text) from public;
comment on function app_hidden.steps_of(text, text) is 'The plan of one kind of repair, for everything or for one Task. Raises BADIN and NTFND.';
