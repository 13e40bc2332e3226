-- A household has a whole /64, so single IPv6 addresses are no limit. A socket for both families writes IPv4 as ::ffff:192.0.2.1.
create or replace function app_hidden.network_of(p_address inet)
returns cidr
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select case
    when family(p_address) = 4 then set_masklen(p_address, 32)::cidr
    when p_address <<= '::ffff:0:0/96' then set_masklen('0.0.0.0'::inet + (p_address - '::ffff:0:0'::inet), 32)::cidr
    else network(set_masklen(p_address, 64))
  end;
$$;

revoke all on function app_hidden.network_of(inet) from public;
comment on function app_hidden.network_of(inet) is 'What counts as one place that signs in: an IPv4 address, or the /64 of an IPv6 address.';
