-- What a hand-over came to stands in a line that is written anyway and read once a second anyway: no claim pays for the chart of the pace.
-- The last twenty turns of each service: a row a service and second, however many mails there were.
create or replace function app_hidden.note_hand_overs(p_changes app_hidden.task_counter_changes[])
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  insert into app_hidden.service_pulses as known (email_service_id, hand_overs)
  select s.id, latest.hand_overs
    from (
      select service_id, array_agg(row(changed_at, to_status, mails)::app_public.hand_over order by changed_at desc, id desc) as hand_overs
        from (select c.*, row_number() over (partition by c.service_id order by c.changed_at desc, c.id desc) as place from unnest(p_changes) as c) as placed
       where place <= 20
       group by service_id
    ) as latest
    join app_public.email_services s on s.id = latest.service_id
   order by s.id
  on conflict (email_service_id) do update set hand_overs = (excluded.hand_overs || known.hand_overs)[1:20];
$$;

revoke all on function app_hidden.note_hand_overs(app_hidden.task_counter_changes[]) from public;
comment on function app_hidden.note_hand_overs(app_hidden.task_counter_changes[]) is
  'Puts what came of hand-overs in front of what is known of their services, the latest first.';
