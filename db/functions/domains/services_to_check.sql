create or replace function app_private.services_to_check(p_service text default null)
returns table (
  id uuid, name text, provider text, domain text, dkim_selector text, spf_include text, bounce_address text, tracking_base_url text
)
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  return query
    select s.id, s.name, s.provider, s.domain, s.dkim_selector, s.spf_include, s.bounce_address, s.tracking_base_url
      from app_public.email_services s
     where case when p_service is null then s.is_enabled else s.name = p_service or s.id::text = lower(p_service) end
     order by s.name;
  if p_service is not null and not found then
    raise exception 'there is no service "%"', p_service using errcode = 'NTFND';
  end if;
end;
$$;

revoke all on function app_private.services_to_check(text) from public;
grant execute on function app_private.services_to_check(text) to postilion_worker;
comment on function app_private.services_to_check(text) is
  'What a look at the sending domains needs to know: of the services that are switched on, or of the one with this name or id. Raises NTFND.';
