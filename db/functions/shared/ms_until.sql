-- Compared first: PostgreSQL 15 refuses to subtract an infinite time (22008).
create or replace function app_hidden.ms_until(p_at timestamptz, p_now timestamptz)
returns double precision
language plpgsql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
begin
  return case when p_at <= p_now then 0 when p_at < 'infinity' then extract(epoch from p_at - p_now)::double precision * 1000 end;
end;
$$;

revoke all on function app_hidden.ms_until(timestamptz, timestamptz) from public;
comment on function app_hidden.ms_until(timestamptz, timestamptz) is 'Milliseconds from now until a time; 0 when it has passed, null when it never comes.';
