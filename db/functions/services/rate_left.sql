-- A bucket a tenth of a second deep: half of it is the step that rate_until waits for, half makes up for asking late. So any second has at
-- most the rate and a tenth of it, however the claims are cut; with whole tenths at once it could be two tenths more.
create or replace function app_hidden.rate_left(p_service app_public.email_services, p_at timestamptz)
returns integer
language sql
stable
set search_path to pg_catalog, pg_temp
as $$
  select greatest(floor(
    p_service.rate_per_second * (0.05 + extract(epoch from p_at - greatest(p_service.rate_until, p_at - interval '50 ms')))), 1)::integer;
$$;

revoke all on function app_hidden.rate_left(app_public.email_services, timestamptz) from public;
comment on function app_hidden.rate_left(app_public.email_services, timestamptz) is
  'How many mails the rate of a service allows at once when rate_until has passed, at least one.';
