-- One pass over the clicks in the order of their times: comparing each with each took 143 s for three clicks a second during an hour.
-- Links are numbered. There are three or more in a window when some number in it is neither its least nor its greatest, that is, when the sum of
-- (number - least) * (greatest - number) is not 0; written out, it needs only sums, which a window can slide.
create or replace function app_hidden.weighed_clicks(p_ids uuid[], p_since timestamptz)
returns setof app_hidden.judged_click
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with numbered as (
    select c.id, c.received_at, c.sub_task_id, c.occurred_at, c.flagged, c.machine,
           case when c.detail ->> 'url' is not null then dense_rank() over (partition by c.sub_task_id order by (c.detail ->> 'url') collate "C") end as link
      from app_hidden.first_clicks(p_ids, p_since) as c
  ), begun as (
    select n.*,
           n.link is not null and (min(n.link) over two_seconds + max(n.link) over two_seconds) * sum(n.link) over two_seconds
             - sum(n.link * n.link) over two_seconds
             - count(n.link) over two_seconds * min(n.link) over two_seconds * max(n.link) over two_seconds > 0 as begins_a_burst
      from numbered n
    window two_seconds as (partition by n.sub_task_id order by n.occurred_at range between current row and interval '2 s' following)
  ), in_bursts as (
    select b.*, bool_or(b.begins_a_burst) over (
             partition by b.sub_task_id order by b.occurred_at range between interval '2 s' preceding and current row) as is_in_a_burst
      from begun b
  )
  select c.id, c.received_at, c.sub_task_id, c.occurred_at, c.machine,
         coalesce(c.flagged, case when c.is_in_a_burst or c.occurred_at < st.delivered_at + interval '5 s' then true end)
    from in_bursts c join app_public.sub_tasks st on st.id = c.sub_task_id;
$$;

revoke all on function app_hidden.weighed_clicks(uuid[], timestamptz) from public;
comment on function app_hidden.weighed_clicks(uuid[], timestamptz) is
  'The first thousand clicks of each mail, with what is said of each by now (machine) and what is to be said (verdict).';
