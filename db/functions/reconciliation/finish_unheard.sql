create or replace function app_private.finish_unheard(p_service_id uuid, p_age interval, p_position timestamptz)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  update app_hidden.reconciliations
     set position = greatest(position, p_position), leased_until = '-infinity'
   where email_service_id = p_service_id and age = p_age;
$$;

revoke all on function app_private.finish_unheard(uuid, interval, timestamptz) from public;
grant execute on function app_private.finish_unheard(uuid, interval, timestamptz) to postilion_worker;
comment on function app_private.finish_unheard(uuid, interval, timestamptz) is 'Says that a provider was asked for what take_unheard gave; the next chunk begins there.';
