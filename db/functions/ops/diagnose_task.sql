create or replace function ops.diagnose_task(p_task text)
returns table (part text, says text)
language sql
stable
security definer
set search_path to pg_catalog, ops, app_hidden, pg_temp
as $$
  select case when line.ordinality = 1 then d.part else '' end, line.text
    from app_hidden.diagnosis_lines(ops.read_diagnosis(p_task)) with ordinality as d (place, part, says, number)
   cross join lateral app_hidden.wrapped(d.says, 65) with ordinality as line (text, ordinality)
   order by d.place, d.number, line.ordinality;
$$;

revoke all on function ops.diagnose_task(text) from public;
grant execute on function ops.diagnose_task(text) to postilion_operator;
comment on function ops.diagnose_task(text) is
  'What a Task is, where its mails stand, who serves it, what is wrong, and what to do. By its id, the beginning of its id, or its name. Raises NTFND, and BADIN where several are meant.';
