create or replace function ops.explain_sub_task(p_sub_task text)
returns table (at text, what text, says text)
language sql
stable
security definer
set search_path to pg_catalog, ops, app_hidden, pg_temp
as $$
  with h as materialized (
    select ops.read_history(p_sub_task) as j
  ), lines as materialized (
    select 0::bigint as place, 'mail'::text as at, j -> 'subTask' ->> 'status' as what, format('%s of Task %s to %s; hand-overs %s, refused %s, put off %s%s', j -> 'subTask' ->> 'id',
             app_hidden.clipped(j -> 'subTask' ->> 'task', 60), coalesce(j -> 'subTask' ->> 'recipient', 'an erased address'), j -> 'subTask' ->> 'attempts', j -> 'subTask' ->> 'refusals', j -> 'subTask' ->> 'deferrals',
             case when (j -> 'subTask' ->> 'mailsToAddress')::integer > 1 then format('; one of %s mails to that address', j -> 'subTask' ->> 'mailsToAddress') else '' end) as says from h
    union all
    select l.ordinality, to_char((e ->> 'at')::timestamptz, 'MM-DD HH24:MI:SS'), e ->> 'what', concat_ws(': ', nullif(e ->> 'who', ''), nullif(e ->> 'says', ''))
      from h cross join jsonb_array_elements(j -> 'life') with ordinality as l (e, ordinality)
    union all
    select 1000000, 'now', '', j ->> 'now' from h
  )
  select case when line.ordinality = 1 then l.at else '' end, case when line.ordinality = 1 then app_hidden.clipped(l.what, 21) else '' end, line.text
    from lines l cross join lateral app_hidden.wrapped(l.says, 36) with ordinality as line (text, ordinality)
   order by l.place, line.ordinality;
$$;

revoke all on function ops.explain_sub_task(text) from public;
grant execute on function ops.explain_sub_task(text) to postilion_operator;
comment on function ops.explain_sub_task(text) is
  'A mails whole life, event by event: ledger, hand-over, events, verdicts. By its id, the beginning of it, or the address, of which the latest mail is meant. Raises NTFND, and BADIN where several are meant.';
