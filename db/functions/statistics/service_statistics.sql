-- From the roll-up: of the rows themselves no index knows the service, and they may be gone.
-- A member is told what the service did for their workspaces: what it did for others is not theirs to know.
create or replace function app_public.service_statistics(p_email_service_id uuid, p_days integer)
returns app_public.service_statistics
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_until timestamptz := (select rolled_until from app_hidden.roll_up_progress);
  v_since timestamptz;
  v_workspace_ids uuid[];
  v_sums app_public.service_statistics;
begin
  if p_days is null or p_days not between 1 and 366 then
    raise exception 'days: expected a number from 1 to 366' using errcode = 'BADIN';
  end if;
  v_since := v_until - make_interval(hours => 24 * p_days);
  if app_hidden.is_asked() then
    v_workspace_ids := app_hidden.workspaces_as('viewer');
  end if;
  select v_since, v_until,
         coalesce(sum(sent), 0), coalesce(sum(delivered), 0), coalesce(sum(soft_bounced), 0), coalesce(sum(hard_bounced), 0),
         coalesce(sum(bounced), 0), coalesce(sum(opened), 0), coalesce(sum(clicked), 0), coalesce(sum(human_opened), 0), coalesce(sum(human_clicked), 0),
         coalesce(sum(complained), 0), coalesce(sum(unsubscribed), 0), coalesce(sum(failed), 0), coalesce(sum(uncertain), 0),
         greatest(sum(sent) - sum(bounced), 0)::float8 / nullif(sum(sent) + sum(failed), 0),
         sum(round_trip_ms_sum) / nullif(sum(round_trip_count), 0)
    into v_sums
    from app_public.hourly_statistics
   where service_id = p_email_service_id and hour >= v_since and hour < v_until
     and (v_workspace_ids is null or workspace_id = any (v_workspace_ids));
  return v_sums;
end;
$$;

revoke all on function app_public.service_statistics(uuid, integer) from public;
grant execute on function app_public.service_statistics(uuid, integer) to postilion_user, postilion_admin;
comment on function app_public.service_statistics(uuid, integer) is
  'What a service did in the last days, up to the last hour that is closed. Raises BADIN for less than 1 or more than 366 days.';
