create or replace function app_hidden.count_into_lane(p_service_id uuid, p_lane text, p_day date, p_count integer)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  update app_public.email_service_caps
     set used = greatest(case when used_on = p_day then used else 0 end + p_count, 0), used_on = p_day
   where email_service_id = p_service_id and lane = p_lane and used_on <= p_day and (p_count > 0 or used_on = p_day);
end;
$$;

revoke all on function app_hidden.count_into_lane(uuid, text, date, integer) from public;
comment on function app_hidden.count_into_lane(uuid, text, date, integer) is
  'Counts mails of a locked service into their lane''s cap of a day; a negative number gives back, on the same day only.';
