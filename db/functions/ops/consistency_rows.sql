drop view if exists ops.consistency;
drop function if exists app_hidden.consistency_rows();

create or replace function app_hidden.consistency_rows()
returns table ("check" text, state text, says text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, ops, pg_temp
as $$
  select case line.ordinality when 1 then c.name else '' end, case line.ordinality when 1 then c.state else '' end, line.text
    from ops.read_consistency() with ordinality as c (name, state, says, remedy, how_many, place)
   cross join lateral app_hidden.wrapped(c.says || case when c.remedy = '' then '' else ' ' || c.remedy end, 52) with ordinality as line (text, ordinality)
   order by c.place, line.ordinality;
$$;

revoke all on function app_hidden.consistency_rows() from public;
grant execute on function app_hidden.consistency_rows() to postilion_operator;
comment on function app_hidden.consistency_rows() is 'What ops.consistency shows.';

create view ops.consistency as select * from app_hidden.consistency_rows();
grant select on ops.consistency to postilion_operator;
comment on view ops.consistency is 'Whether what is kept agrees with what is, and what to do where it does not.';
