-- What an hour is rolled up by stands in the ledger: to look it up for each mail was a third of the cost.
alter table app_hidden.sub_task_changes add column round_trip_ms real, add column lane text collate "C";
comment on column app_hidden.sub_task_changes.round_trip_ms is 'The mail''s at that moment.';
comment on column app_hidden.sub_task_changes.lane is 'The mail''s. Absent in lines of hours that were rolled up without it.';

-- Of the hours that are still open.
update app_hidden.sub_task_changes c
   set round_trip_ms = st.round_trip_ms, lane = st.lane
  from app_public.sub_tasks st, app_hidden.roll_up_progress p
 where st.id = c.sub_task_id and c.changed_at >= p.rolled_until;
