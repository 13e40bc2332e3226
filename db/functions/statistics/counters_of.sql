-- Folded and appended together, in one snapshot: a fold between two reads would be counted twice or not at all.
create or replace function app_hidden.counters_of(p_task_id uuid)
returns app_hidden.task_counters
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select p_task_id,
         coalesce(sum(pending), 0)::bigint,
         coalesce(sum(allocated), 0)::bigint,
         coalesce(sum(sending), 0)::bigint,
         coalesce(sum(sent), 0)::bigint,
         coalesce(sum(delivered), 0)::bigint,
         coalesce(sum(opened), 0)::bigint,
         coalesce(sum(clicked), 0)::bigint,
         coalesce(sum(bounced), 0)::bigint,
         coalesce(sum(failed), 0)::bigint,
         coalesce(sum(cancelled), 0)::bigint,
         coalesce(sum(uncertain), 0)::bigint,
         coalesce(sum(ever_sent), 0)::bigint,
         coalesce(sum(ever_delivered), 0)::bigint,
         coalesce(sum(ever_opened), 0)::bigint,
         coalesce(sum(ever_clicked), 0)::bigint,
         coalesce(sum(ever_bounced), 0)::bigint,
         coalesce(sum(ever_unsubscribed), 0)::bigint,
         coalesce(sum(ever_complained), 0)::bigint,
         coalesce(sum(ever_human_opened), 0)::bigint,
         coalesce(sum(ever_human_clicked), 0)::bigint
    from (
    select pending, allocated, sending, sent, delivered, opened,
           clicked, bounced, failed, cancelled, uncertain,
           ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_unsubscribed, ever_complained, ever_human_opened, ever_human_clicked
      from app_hidden.task_counters where task_id = p_task_id
    union all
    select pending, allocated, sending, sent, delivered, opened,
           clicked, bounced, failed, cancelled, uncertain,
           ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_unsubscribed, ever_complained, ever_human_opened, ever_human_clicked
      from app_hidden.task_counter_deltas where task_id = p_task_id
  ) as both_parts;
$$;

revoke all on function app_hidden.counters_of(uuid) from public;
comment on function app_hidden.counters_of(uuid) is 'A Task''s counters at this moment.';
