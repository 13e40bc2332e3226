create or replace function ops.read_consistency()
returns table (name text, state text, says text, remedy text, how_many bigint)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with steps as materialized (
    select s.* from (values ('counters'), ('slots'), ('partitions'), ('fold')) as kind (what) cross join lateral app_hidden.plan_repair(kind.what) as s
  ), behind as materialized (
    select app_hidden.current_time() - rolled_until as late from app_hidden.roll_up_progress
  ), mended as materialized (
    select count(*) as times from app_hidden.repairs where what = 'recount_task' and at > (select app_hidden.current_time()) - interval '1 day'
  )
  select known.name, case when count(s.what) = 0 then 'ok' else known.state end,
         case when count(s.what) = 0 then known.fine else app_hidden.clipped(string_agg(app_hidden.sentence_of(s), ' ' order by s.name), 300) end,
         case when count(s.what) = 0 then '' else format('%s postilion repair %s.', known.mended, known.what) end, count(s.what)
    from (values
      (1, 'statistics', 'counters', 'critical', 'The Tasks that changed last add up; the crontab looks at all of them in turn.',
       'A running worker mends them within 11 min. Now:'),
      (2, 'under way', 'slots', 'critical', 'What services count as under way is what the rows say.',
       'A claim that finds its service full counts anew. Now:'),
      (3, 'months', 'partitions', 'warning', 'The inbox has this month and the next.',
       'Nothing is lost meanwhile, and a running worker makes it within 61 min. Now:'),
      (4, 'folding', 'fold', 'warning', 'Statistics are folded as they come.',
       'Is a worker running? Now:')
    ) as known (place, name, what, state, fine, mended)
    left join steps s on s.what = known.what
   group by known.place, known.name, known.what, known.state, known.fine, known.mended
  union all
  select 'hours', case when late > interval '3 hours' then 'warning' else 'ok' end,
         case when late > interval '3 hours' then format('The last hour that is closed ended %s h ago: reports lag behind.', floor(extract(epoch from late) / 3600))
              else 'The hours of the reports are closed in time.' end,
         case when late > interval '3 hours' then 'Is a worker running? A transaction that was forgotten holds it up too: see pg_stat_activity.' else '' end,
         case when late > interval '3 hours' then floor(extract(epoch from late) / 3600)::bigint else 0 end
    from behind
  union all
  select 'drifts', case when times > 0 then 'warning' else 'ok' end,
         case when times > 0 then format('Statistics had to be mended (%s in 24 h): a mistake of ours, or a hand in psql.', app_hidden.counted(times, 'time')) else 'No statistics had to be mended in 24 h.' end,
         case when times > 0 then 'app_hidden.repairs has the numbers; please report them.' else '' end, times
    from mended;
$$;

revoke all on function ops.read_consistency() from public;
grant execute on function ops.read_consistency() to postilion_operator;
comment on function ops.read_consistency() is
  'Whether what is kept agrees with what is: statistics of the Tasks that changed last, services, months of the inbox, hours of the reports.';
