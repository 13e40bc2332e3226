create or replace function ops.repair(p_what text default 'all', p_hash text default null, p_dry_run boolean default true, p_task text default null, p_why text default 'asked for in psql')
returns table (what text, says text)
language plpgsql
volatile
security definer
set search_path to pg_catalog, ops, app_hidden, pg_temp
as $$
declare
  v_step record;
  v_count bigint;
begin
  if not p_dry_run then
    if p_what = 'all' then
      raise exception 'what: name one repair at a time, each is a transaction of its own' using errcode = 'BADIN';
    elsif p_hash is null then
      raise exception 'hash: give the one that the dry run of % ended with', p_what using errcode = 'BADIN';
    end if;
    v_count := ops.mend(p_what, p_hash, p_task, p_why);
    return query select p_what, format('done; it met %s', v_count);
    return;
  end if;
  for v_step in
    select p.what, p.hash, row_number() over (partition by p.what order by p.ordinality desc) = 1 as is_last,
           app_hidden.sentence_of(row(p.what, p.subject, p.name, p.how_many, p.says)::app_hidden.repair_step) as sentence
      from ops.read_plan(p_what, p_task) with ordinality as p order by p.ordinality
  loop
    return query select case line.ordinality when 1 then v_step.what else '' end, line.text from app_hidden.wrapped(v_step.sentence, 64) with ordinality as line (text, ordinality);
    if v_step.is_last then
      return query select '  do it:', format('select %sops.repair(%L, %L, false%s);', case when p_task is null then '* from ' else '' end, v_step.what, v_step.hash,
        case when p_task is null then '' else format(', %L', left((app_hidden.find_task(p_task))::text, 8)) end);
    end if;
  end loop;
  if not found then
    return query select 'nothing', 'There is nothing to repair.';
  end if;
end;
$$;

revoke all on function ops.repair(text, text, boolean, text, text) from public;
grant execute on function ops.repair(text, text, boolean, text, text) to postilion_operator;
comment on function ops.repair(text, text, boolean, text, text) is
  'What repairs would do (of all kinds, or one), with the statement that does it. Not as a dry run it carries one kind out, if its plan still has the hash. Raises BADIN, NTFND, and TRANS when the plan is another by now.';
