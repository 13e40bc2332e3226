-- By their keys, whatever the planner thinks: a plan is kept for the session, and one that was made while a month was empty reads all of it from then on.
create or replace function app_hidden.write_verdicts(p_clicks app_hidden.judged_click[])
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set enable_seqscan to off
set enable_hashjoin to off
set enable_mergejoin to off
as $$
  update app_public.mail_events e
     set machine = c.verdict
    from unnest(p_clicks) as c
   where c.verdict is distinct from c.machine and e.received_at = c.received_at and e.id = c.id;
$$;

revoke all on function app_hidden.write_verdicts(app_hidden.judged_click[]) from public;
comment on function app_hidden.write_verdicts(app_hidden.judged_click[]) is 'Writes to mail_events which clicks were a robot''s, where that is news.';
