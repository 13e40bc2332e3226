-- What services can have sent only ever grows, so the moment is found by halving: 40 steps come from 400 days to a fraction of a millisecond.
create or replace function app_hidden.capacity_reached_at(p_paces app_hidden.service_pace[], p_mails double precision, p_from timestamptz)
returns timestamptz
language plpgsql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_low timestamptz := p_from;
  v_high timestamptz := p_from + interval '9600 hours';
  v_middle timestamptz;
begin
  if app_hidden.capacity_of(p_paces, v_low) >= p_mails then
    return v_low;
  elsif app_hidden.capacity_of(p_paces, v_high) < p_mails then
    return null;
  end if;
  for step in 1 .. 40 loop
    v_middle := v_low + (v_high - v_low) / 2;
    if app_hidden.capacity_of(p_paces, v_middle) >= p_mails then
      v_high := v_middle;
    else
      v_low := v_middle;
    end if;
  end loop;
  return v_high;
end;
$$;

revoke all on function app_hidden.capacity_reached_at(app_hidden.service_pace[], double precision, timestamptz) from public;
comment on function app_hidden.capacity_reached_at(app_hidden.service_pace[], double precision, timestamptz) is
  'When services together can have sent so many mails, counted from when each begins; null: not within 400 days of p_from.';
