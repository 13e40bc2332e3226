-- What if: each change is made to the paces and the same question asked again (capacity_reached_at), so nothing here knows days or quotas. Which Tasks
-- may use which service is left out: of two services the one that helps more is told, not when a single Task is done. Only the ten fastest are
-- tried, which of any number of services help most: each try halves its way through all paces.
create or replace function app_hidden.ways_to_send_faster(p_mails double precision, p_now timestamptz)
returns jsonb
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_paces app_hidden.service_pace[] := array(select p from app_hidden.service_paces(p_now) as p order by p.mails_per_ms desc, p.name);
  v_horizon timestamptz := p_now + interval '9600 hours';
  v_end timestamptz := coalesce(app_hidden.capacity_reached_at(v_paces, p_mails, p_now), v_horizon);
  v_pace app_hidden.service_pace;
  v_other app_hidden.service_pace[];
  v_ways jsonb := '[]';
  v_kind text;
begin
  for v_index in 1 .. least(cardinality(v_paces), 10) loop
    foreach v_kind in array array['quota', 'pace', 'service'] loop
      v_pace := v_paces[v_index];
      v_other := v_paces;
      if v_kind = 'quota' then
        continue when v_pace.first_quota is null and v_pace.daily_quota is null;
        v_pace.first_quota := null;
        v_pace.daily_quota := null;
        v_pace.next_caps := '{}';
      elsif v_kind = 'pace' then
        v_pace.mails_per_ms := 2 * v_pace.mails_per_ms;
      end if;
      if v_kind = 'service' then
        v_pace.begins_at := p_now;
        v_other := v_other || v_pace;
      else
        v_other[v_index] := v_pace;
      end if;
      v_ways := v_ways || jsonb_build_object('kind', v_kind, 'service', v_pace.name, 'savesMs', round(
        extract(epoch from v_end - coalesce(app_hidden.capacity_reached_at(v_other, p_mails, p_now), v_horizon)) * 1000));
    end loop;
  end loop;
  return coalesce((
    select jsonb_agg(way order by (way ->> 'savesMs')::float8 desc, way ->> 'kind', way ->> 'service')
      from (select way from jsonb_array_elements(v_ways) as way where (way ->> 'savesMs')::float8 > 0 order by (way ->> 'savesMs')::float8 desc limit 6) as best), '[]');
end;
$$;

revoke all on function app_hidden.ways_to_send_faster(double precision, timestamptz) from public;
comment on function app_hidden.ways_to_send_faster(double precision, timestamptz) is
  'What would bring the end of so many mails forward, and by how many milliseconds: a service''s quota lifted, its pace doubled, or another service like it. The best six.';
