-- Times are compared before they are subtracted: PostgreSQL 15 refuses a difference to infinity.
create or replace function app_hidden.span_text(p_from timestamptz, p_to timestamptz)
returns text
language plpgsql
immutable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_seconds bigint;
begin
  if p_from is null or p_to is null then
    return '–';
  elsif not isfinite(p_from) or not isfinite(p_to) then
    return 'ever';
  end if;
  v_seconds := abs(extract(epoch from p_to - p_from))::bigint;
  return case
    when v_seconds < 100 then v_seconds || ' s'
    when v_seconds < 6000 then (v_seconds / 60) || ' min'
    when v_seconds < 172800 then (v_seconds / 3600) || ' h ' || lpad((v_seconds / 60 % 60)::text, 2, '0')
    else (v_seconds / 86400) || ' d'
  end;
end;
$$;

revoke all on function app_hidden.span_text(timestamptz, timestamptz) from public;
comment on function app_hidden.span_text(timestamptz, timestamptz) is
  'How long it is from one time to another, whichever comes first, in at most nine letters.';
