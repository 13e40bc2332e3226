-- A mail belongs to the service that has it, as its row says: one that was given back or is sent anew belongs to nobody until it is claimed.
create or replace function app_hidden.count_service_rows(p_task_id uuid)
returns setof app_hidden.task_service_counters
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select p_task_id,
         service_id,
         count(sent_at),
         count(delivered_at),
         count(opened_at),
         count(clicked_at),
         count(bounced_at),
         count(complained_at),
         count(unsubscribed_at),
         count(*) filter (where status = 'failed'),
         count(*) filter (where status = 'uncertain'),
         count(round_trip_ms),
         coalesce(sum(round_trip_ms::float8), 0)
    from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id
   where m.task_id = p_task_id and st.service_id is not null
   group by service_id;
$$;

revoke all on function app_hidden.count_service_rows(uuid) from public;
comment on function app_hidden.count_service_rows(uuid) is 'What a Task''s counters by service should be, counted from its rows.';
